import { expect, test } from 'vitest';
import {
  countDeliveries,
  type Delivery,
  type DeliveryEvent,
  deliveryStates,
  hasEnded,
  nextDelivery,
} from '../../shared/deliveries/delivery.ts';

const events: DeliveryEvent[] = [
  { type: 'suppress', reason: 'unsubscribed' },
  { type: 'start' },
  { type: 'accepted', messageId: 'm1' },
  { type: 'refused', reason: 'MessageRejected' },
  { type: 'deferred' },
  { type: 'lost', at: 7 },
  { type: 'proved' },
  { type: 'resend' },
  { type: 'giveUp' },
  { type: 'retry' },
];

/** Every state there is, also after a second sending and after the evidence window. */
const states: Record<string, Delivery> = {
  planned: { state: 'planned' },
  sending: { state: 'sending' },
  sent: { state: 'sent', messageId: 'm0' },
  failed: { state: 'failed', reason: 'r' },
  suppressed: { state: 'suppressed', reason: 'r' },
  unknown: { state: 'unknown', since: 1 },
  'planned again': { state: 'planned', resent: true },
  'sending again': { state: 'sending', resent: true },
  'unknown again': { state: 'unknown', since: 1, resent: true },
  'unknown for good': { state: 'unknown', since: 1, settled: true },
};

/** Every move there is; all other pairs are refused. */
const moves: Record<string, Delivery> = {
  'planned + suppress': { state: 'suppressed', reason: 'unsubscribed' },
  'planned + start': { state: 'sending' },
  'sending + accepted': { state: 'sent', messageId: 'm1' },
  'sending + refused': { state: 'failed', reason: 'MessageRejected' },
  'sending + deferred': { state: 'planned' },
  'sending + lost': { state: 'unknown', since: 7 },
  'unknown + proved': { state: 'sent' },
  'unknown + resend': { state: 'planned', resent: true },
  'unknown + giveUp': { state: 'unknown', since: 1, settled: true },
  'failed + retry': { state: 'planned' },
  'planned again + suppress': { state: 'suppressed', reason: 'unsubscribed', resent: true },
  'planned again + start': { state: 'sending', resent: true },
  'planned again + proved': { state: 'sent', resent: true },
  'sending again + accepted': { state: 'sent', messageId: 'm1', resent: true },
  'sending again + refused': { state: 'failed', reason: 'MessageRejected', resent: true },
  'sending again + deferred': { state: 'planned', resent: true },
  'sending again + lost': { state: 'unknown', since: 7, resent: true },
  'unknown again + proved': { state: 'sent', resent: true },
  'unknown again + giveUp': { state: 'unknown', since: 1, resent: true, settled: true },
  'unknown for good + proved': { state: 'sent' },
  'unknown for good + retry': { state: 'planned', resent: true },
};

for (const [name, delivery] of Object.entries(states)) {
  for (const event of events) {
    const expected = moves[`${name} + ${event.type}`];
    test(`${name} and ${event.type} give ${expected ? JSON.stringify(expected) : 'nothing'}`, () => {
      expect(nextDelivery(delivery, event)).toEqual(expected);
    });
  }
}

test('every state of the schema is among those tested', () => {
  expect(new Set(Object.values(states).map(({ state }) => state))).toEqual(new Set(deliveryStates));
});

test('a delivery has ended in its end states, and an unknown only after its evidence window', () => {
  const ended = Object.keys(states).filter(name => hasEnded(states[name] as Delivery));
  expect(ended).toEqual(['sent', 'failed', 'suppressed', 'unknown for good']);
});

test('counts count every delivery as planned and each end state apart', () => {
  const states = ['planned', 'sending', 'sent', 'sent', 'failed', 'suppressed', 'unknown'] as const;
  expect(countDeliveries(states.map(state => ({ state })))).toEqual({
    planned: 7,
    sent: 2,
    failed: 1,
    suppressed: 1,
    unknown: 1,
    resent: 0,
  });
});
