import { overtaken } from '../platform/retry.ts';
import { type Subscriber, withoutPast } from '../subscribers/subscriber.ts';
import { isCurrent, type TokenGrant } from '../subscribers/tokens.ts';
import type { SubscriptionServices, Visit } from './leave.ts';
import { type LinkResult, withSubscriber } from './link.ts';
import { type AnnounceMove, endArrivals } from './moves.ts';

export interface TakeBackServices extends SubscriptionServices {
  announceMove: AnnounceMove;
}

/**
 * The state of a link that takes a subscription back. `done`: it has been used, and the old address is still active.
 */
export function takeBackState(
  subscriber: Subscriber | undefined,
  grant: Pick<TokenGrant, 'nonce' | 'generation'>,
): 'open' | 'done' | 'void' {
  if (!subscriber || !isCurrent(grant, subscriber)) return 'void';
  const { status, movedTo, takenBack } = subscriber;
  if (status === 'active' && takenBack?.nonce === grant.nonce) return 'done';
  return status === 'unsubscribed' && movedTo?.nonce === grant.nonce ? 'open' : 'void';
}

/**
 * Takes back a subscription that has moved to another address. The old address becomes active again, with its own
 * preferences; the new one stops, also if the subscription has moved on since. Taking it back again changes nothing.
 */
export function takeBack(services: TakeBackServices, token: string, visit: Visit): Promise<LinkResult> {
  return withSubscriber(services, token, 'takeback', visit.at, async (subscriber, nonce, grant) => {
    const state = takeBackState(subscriber, grant);
    if (!subscriber || state === 'void') return { ok: false, reason: 'no such move' };
    const { id } = subscriber;
    if (state === 'done') {
      await endArrivals(services, { to: subscriber.takenBack?.id ?? '', nonce }, visit);
      return { ok: true };
    }
    const to = subscriber.movedTo?.id ?? '';
    // Before the status changes: [never mailed unasked](docs/invariants.md#3).
    await services.recordConsent({ ...visit, subscriberId: id, action: 'confirmed' });
    await services.announceMove({ from: id, to, nonce, at: visit.at }, visit);
    const back: Subscriber = {
      ...withoutPast(subscriber),
      status: 'active',
      confirmedAt: visit.at,
      takenBack: { id: to, nonce },
    };
    if (!(await services.subscribers.put(back))) return overtaken;
    await endArrivals(services, { to, nonce }, visit);
    await services.publishEvents([{ type: 'subscriber.confirmed', detail: { subscriberId: id } }]);
    return { ok: true };
  });
}
