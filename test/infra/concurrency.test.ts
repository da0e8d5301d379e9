import { describe, expect, test } from 'vitest';
import { consumersAtOnce } from '../../infra/concurrency.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

/** The number of functions that AWS lets a new account run at once. */
const newAccount = 10;

const sum = (numbers: Record<string, number>) => Object.values(numbers).reduce((total, number) => total + number, 0);
const reservations = (given: Record<string, unknown>) =>
  propertiesOf(synthesise(given).service, 'AWS::Lambda::Function').flatMap(
    ({ FunctionName: name, ReservedConcurrentExecutions: reserved }) =>
      reserved === undefined ? [] : [[name, reserved]],
  );

describe('the consumers of queues', () => {
  test('leave a new account room for the API and the timers', () => {
    expect(consumersAtOnce({ sendRate: 14, rateShare: 1 })).toEqual({ signups: 2, batches: 2, feedback: 2 });
    expect(newAccount - sum(consumersAtOnce({ sendRate: 14, rateShare: 1 }))).toBe(4);
  });

  test.each([
    [0.5, 2],
    [1, 2],
    [50, 2],
    [51, 3],
    [200, 5],
    [500, 11],
  ])('follow from a rate of %d mails a second: %i senders', (sendRate, senders) => {
    expect(consumersAtOnce({ sendRate, rateShare: 1 })).toEqual({ signups: 2, batches: senders, feedback: senders });
  });

  test('are fewer where the stage has a share of the rate only', () => {
    expect(consumersAtOnce({ sendRate: 200, rateShare: 0.25 })).toEqual({ signups: 2, batches: 2, feedback: 2 });
  });

  test('are what the template says, between what AWS takes', () => {
    const { service } = synthesise({ sendRate: '10000' });
    const most = propertiesOf(service, 'AWS::Lambda::EventSourceMapping').map(
      ({ ScalingConfig }) => ScalingConfig.MaximumConcurrency,
    );
    expect(most.sort()).toEqual([2, 201, 201]);
  });
});

test('the API has executions of its own where the stage says so, and nothing is reserved otherwise', () => {
  expect(reservations({})).toEqual([]);
  expect(reservations({ apiReserve: '20' })).toEqual([['daily-papers-prod-public-api', 20]]);
});
