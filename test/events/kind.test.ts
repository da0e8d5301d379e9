import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kindOf, UnknownEventError } from '../../shared/events/kind.ts';
import { depth } from '../support/depth.ts';
import { awsEvent, queueEvent, topicEnvelope } from './aws-events.ts';

describe('the kind of an event', () => {
  test.each([
    [awsEvent('scheduler-default'), 'an event of "aws.scheduler" of type "Scheduled Event"'],
    [awsEvent('eventbridge-rule'), 'an event of "daily-papers" of type "subscriber.confirmed"'],
    [awsEvent('http-api-v2-get'), 'a request of an HTTP API, not signed, payload "2.0"'],
    [awsEvent('http-api-v2-iam'), 'a request of an HTTP API, IAM-signed, payload "2.0"'],
    [queueEvent(['x']), 'records of "aws:sqs"'],
    [{ Records: [] }, 'an empty list of records'],
    [topicEnvelope('x'), 'a message of a topic, type "Notification"'],
    [awsEvent('lambda-destination-failure'), 'the record of a failed invocation, whose requestPayload is the event'],
    [{ timer: 'index-papers' }, 'the timer "index-papers"'],
    [{}, 'an empty object'],
    [{ one: 1, 'jane@example.org': 2, two: 3 }, 'an object with one, two and 1 more'],
    [{ 'jane@example.org': 2 }, 'an object with 1 fields of other names'],
    [null, 'nothing'],
    [undefined, 'nothing'],
    [true, 'a boolean'],
  ])('%j', (event, kind) => {
    expect(kindOf(event)).toBe(kind);
  });

  test('is short and plain, whatever is in it', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constant('jane@example.org'),
      fc.string({ minLength: 65 }),
    );
    const fields = fc.constantFrom(
      'source',
      'detail-type',
      'timer',
      'Records',
      'Type',
      'TopicArn',
      'requestContext',
      'version',
    );
    const events = fc.oneof(fc.anything(), fc.dictionary(fc.oneof(fields, names), fc.oneof(names, fc.anything())));
    fc.assert(
      fc.property(events, event => {
        const { message } = new UnknownEventError('a-function', event, 'its timer');
        expect(message).toMatch(/^[A-Za-z0-9 ._:/$,"'-]{1,500}$/);
      }),
      { numRuns: depth(2_000, 300) },
    );
  });

  test('shows no token and no address that stands where a name does', () => {
    const token = `v1.k1.unsubscribe.${'a'.repeat(43)}.1795504329.${'b'.repeat(22)}.${'c'.repeat(43)}`;
    const short = `Uk1.${'a'.repeat(70)}`;
    for (const name of [token, short, 'jane@example.org', 'Jane <jane@example.org>']) {
      const events = [
        { source: name, 'detail-type': name },
        { timer: name },
        { TopicArn: 'x', Type: name },
        { [name]: 1 },
      ];
      for (const event of events) expect(kindOf(event)).not.toContain(name.slice(0, 8));
    }
  });
});
