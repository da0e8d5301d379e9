import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UnknownEventError } from '../../shared/events/kind.ts';
import { feedbackMessageSchema, isNotSpam, readFeedback } from '../../shared/feedback/event.ts';
import { depth } from '../support/depth.ts';
import {
  bounceRecord,
  complaintRecord,
  deliveryRecord,
  digestId,
  envelope,
  read,
  sesRecord,
  start,
  subscriberId,
} from './fixtures.ts';

describe('the type of an event', () => {
  test.each([
    ['Send', 'send'],
    ['Delivery', 'delivery'],
    ['DeliveryDelay', 'delay'],
    ['Bounce', 'bounce'],
    ['Complaint', 'complaint'],
    ['Reject', 'reject'],
    ['Open', 'open'],
    ['Click', 'click'],
    ['Rendering Failure', 'other'],
    ['Teleportation', 'other'],
    ['constructor', 'other'],
    ['__proto__', 'other'],
  ])('%s is %s, with its own time, tags and recipients', (rawType, type) => {
    expect(read(sesRecord(rawType))).toMatchObject({
      type,
      rawType,
      sesMessageId: '0100018f-example-000000',
      at: expect.any(Number),
      digestId,
      subscriberId,
      recipients: ['reader@example.org'],
      domain: 'example.org',
    });
  });
});

test('the time is that of the event, and of the mail only where the event has none', () => {
  expect(read(deliveryRecord({ at: start })).at).toBe(start);
  expect(read(sesRecord('Send', { at: start })).at).toBe(start);
  expect(read(sesRecord('DeliveryDelay', { detail: { timestamp: 'soon' } })).at).toBe(start - 2_000);
});

test('an SNS envelope and raw delivery give the same event', () => {
  const record = bounceRecord('Permanent', 'NoEmail');
  expect(readFeedback(record)).toEqual(readFeedback(envelope(record)));
});

test('an identity notification is read like an event, without tags', () => {
  const { digestId: digest, subscriberId: subscriber, ...rest } = read(bounceRecord('Permanent', 'General'));
  expect([digest, subscriber]).toEqual([digestId, subscriberId]);
  expect(read(bounceRecord('Permanent', 'General', { notification: true }))).toEqual(rest);
});

test('a confirmation mail is told by its purpose', () => {
  const event = read(sesRecord('Send', { tags: { purpose: 'confirm', subscriber: subscriberId } }));
  expect(event).toMatchObject({ purpose: 'confirm', subscriberId });
  expect(event).not.toHaveProperty('digestId');
});

test('a bounce says its kind and sub-type, and its diagnostic without the address', () => {
  expect(read(bounceRecord('Transient', 'MailboxFull')).bounce).toEqual({
    kind: 'transient',
    subType: 'MailboxFull',
    diagnostic: 'smtp; 550 <…@…>: no such user',
  });
  expect(read(bounceRecord('Permanent', 'SomethingNew')).bounce).toMatchObject({
    kind: 'permanent',
    subType: 'SomethingNew',
  });
  expect(read(bounceRecord('Sideways', 'General')).bounce?.kind).toBe('undetermined');
  expect(read({ ...bounceRecord('Permanent', 'General'), bounce: 'broken' }).bounce?.kind).toBe('undetermined');
});

test('a complaint says what the mail provider made of it', () => {
  const complaint = complaintRecord('not-spam', { detail: { complaintSubType: 'OnAccountSuppressionList' } });
  expect(read(complaint).complaint).toEqual({ feedbackType: 'not-spam', subType: 'OnAccountSuppressionList' });
  expect(isNotSpam(read(complaint))).toBe(true);
  expect(isNotSpam(read(complaintRecord('abuse')))).toBe(false);
  expect(read(complaintRecord()).complaint).toEqual({});
});

test('addresses are taken out of names, and a domain out of the destination', () => {
  const event = read(bounceRecord('Permanent', 'General', { to: 'Jane Doe <Jane@Example.ORG>' }));
  expect(event).toMatchObject({ recipients: ['Jane@Example.ORG'], domain: 'example.org' });
  expect(read(sesRecord('Send', { to: 'nonsense at nowhere' })).domain).toBe('unknown');
});

test('tags that are not ours are no digest and no subscriber', () => {
  const event = read(sesRecord('Send', { tags: { digest: 'someone-elses', subscriber: 'a#b' } }));
  expect(event).not.toHaveProperty('digestId');
  expect(event).not.toHaveProperty('subscriberId');
});

test.each([
  ['event publishing', 'Successfully validated SNS topic for Amazon SES event publishing.'],
  ['an identity', { notificationType: 'AmazonSnsSubscriptionSucceeded', message: 'You have subscribed.' }],
])('the note that a topic was attached to %s is no event', (_, message) => {
  expect(readFeedback(envelope(message))).toBeUndefined();
});

test.each([
  ['an envelope without JSON', envelope('reader@example.org said hello')],
  ['another service’s JSON', envelope({ Records: [{ eventSource: 'aws:s3' }] })],
  ['a record without mail', { eventType: 'Send' }],
  ['a record without a type', envelope({ mail: sesRecord('Send').mail })],
  ['a subscription request', { ...envelope({}), Type: 'SubscriptionConfirmation' }],
  ['a mail without a time', { eventType: 'Send', mail: { messageId: 'x', timestamp: 'yesterday' } }],
  ['null', null],
  ['a text', 'Send'],
  ['an envelope around null', envelope('null')],
])('%s is rejected, and the reason shows no address', (_, body) => {
  expect(() => readFeedback(body)).toThrow(UnknownEventError);
  expect(() => feedbackMessageSchema.parse(body)).toThrow(UnknownEventError);
  expect(() => readFeedback(body)).toThrow(/^(?!.*@)/);
});

test('no JSON does anything but be read or be rejected', () => {
  const fragment = fc.oneof(fc.jsonValue(), fc.constantFrom('Send', 'Bounce', '2026-11-23T07:00:00Z', '__proto__'));
  const record = fc.record(
    {
      eventType: fragment,
      notificationType: fragment,
      mail: fc.oneof(
        fragment,
        fc.record({
          timestamp: fc.constantFrom('2026-11-23T07:00:00Z', 'x'),
          messageId: fragment,
          destination: fragment,
          tags: fragment,
        }),
        fc.record({ timestamp: fc.constant('2026-11-23T07:00:00Z'), messageId: fc.string({ minLength: 1 }) }),
      ),
      bounce: fc.oneof(fragment, fc.dictionary(fc.constantFrom('timestamp', 'bouncedRecipients'), fragment)),
    },
    { requiredKeys: [] },
  );
  let read = 0;
  fc.assert(
    fc.property(fc.oneof(fragment, record, record.map(envelope), fc.string().map(envelope)), body => {
      try {
        if (readFeedback(JSON.parse(JSON.stringify(body)))) read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(UnknownEventError);
      }
    }),
    { numRuns: depth(2_000, 300) },
  );
  expect(read).toBeGreaterThan(0);
});

const documented = resolve(import.meta.dirname, '../../../shared/feedback-events');
const files = existsSync(documented) ? readdirSync(documented).filter(name => name.endsWith('.json')) : [];

test('the records of SES’s documentation are read, where they are at hand', () => {
  for (const file of files) {
    const record: unknown = JSON.parse(readFileSync(join(documented, file), 'utf8'));
    expect(read(record).type).toBe(/ses-(?:delivery(?=delay))?(\w+)\.json/.exec(file)?.[1]);
  }
});
