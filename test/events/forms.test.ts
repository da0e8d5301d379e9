import { expect, test } from 'vitest';
import { awsEvent, awsEventNames, formOf, recordedEvents } from './aws-events.ts';

const recorded = recordedEvents();

test('there is an event for each way into a function', () => {
  expect(awsEventNames.toSorted()).toEqual([
    'eventbridge-rule',
    'http-api-v2-get',
    'http-api-v2-iam',
    'http-api-v2-post-form',
    'lambda-destination-failure',
    'scheduler-default',
    'sns-envelope-in-sqs-body',
    'sqs',
  ]);
});

(recorded.length > 0 ? test.each(recorded) : test.skip.each([['none', {}]]))(
  'our event has the form of the recorded one: %s',
  (name, event) => expect(formOf(awsEvent(name))).toEqual(formOf(event)),
);
