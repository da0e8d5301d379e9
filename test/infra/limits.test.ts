import { expect, test } from 'vitest';
import { readSettings } from '../../shared/platform/environment.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

function environmentOf(given: Record<string, unknown>): Record<string, string> {
  const created = propertiesOf(synthesise(given).service, 'AWS::Lambda::Function');
  return created.find(({ FunctionName: name }) => name.endsWith('public-api'))?.Environment.Variables;
}

test('the limits of requests and the word on throw-away addresses are settings of the stage', () => {
  const names = [
    'DISPOSABLE_DOMAINS',
    'REQUESTS_PER_ADDRESS_HOUR',
    'REQUESTS_PER_MAILBOX_DAY',
    'REQUESTS_PER_DOMAIN_DAY',
    'REQUESTS_PER_NETWORK_HOUR',
    'REQUESTS_PER_HOUR',
    'VOTES_PER_SUBSCRIBER_HOUR',
    'SUBMISSIONS_PER_SUBSCRIBER_DAY',
    'KEPT_AFTER_LEAVING_DAYS',
  ] as const;
  const given = environmentOf({
    disposableDomains: 'refuse',
    requestsPerAddressHour: '2',
    requestsPerMailboxDay: '3',
    requestsPerDomainDay: '4',
    requestsPerNetworkHour: '5',
    requestsPerHour: '7',
    votesPerSubscriberHour: '11',
    submissionsPerSubscriberDay: '13',
    keptAfterLeavingDays: '365',
  });
  expect(readSettings(names, given)).toEqual({
    DISPOSABLE_DOMAINS: 'refuse',
    REQUESTS_PER_ADDRESS_HOUR: 2,
    REQUESTS_PER_MAILBOX_DAY: 3,
    REQUESTS_PER_DOMAIN_DAY: 4,
    REQUESTS_PER_NETWORK_HOUR: 5,
    REQUESTS_PER_HOUR: 7,
    VOTES_PER_SUBSCRIBER_HOUR: 11,
    SUBMISSIONS_PER_SUBSCRIBER_DAY: 13,
    KEPT_AFTER_LEAVING_DAYS: 365,
  });
  // Without them, the function's own defaults hold.
  const without = environmentOf({});
  for (const name of names) expect(without).not.toHaveProperty(name);
});
