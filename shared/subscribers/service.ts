import type { PublishEvents } from '../events/events.ts';
import type { ConsentRecord, RecordConsent } from './consents.ts';
import type { KeyRing } from './keys.ts';
import type { SubscriberRepository } from './repository.ts';
import { type Subscriber, statusReasons } from './subscriber.ts';
import { type TokenPurpose, verifyToken } from './tokens.ts';

export interface SubscriptionServices {
  keys: KeyRing;
  subscribers: SubscriberRepository;
  recordConsent: RecordConsent;
  publishEvents: PublishEvents;
}

/** Result of acting on a link. The reason is for the log; the person gets one neutral message. */
export type LinkResult = { ok: true } | { ok: false; reason: string };

type Visit = Pick<ConsentRecord, 'at' | 'by' | 'origin'>;

/** How often a write is tried again when others write the same subscriber at the same time. */
const writeAttempts = 8;

/** Confirms the pending request that the token was made for. Confirming again is the same again. */
export async function confirmSubscription(
  services: SubscriptionServices,
  token: string,
  visit: Visit,
): Promise<LinkResult> {
  return withSubscriber(services, token, 'confirm', visit.at, async (subscriber, nonce) => {
    if (!subscriber) return { ok: false, reason: 'unknown subscriber' };
    if (subscriber.status === 'active' && subscriber.confirmedNonce === nonce) return { ok: true };
    const request = subscriber.pendingRequest;
    if (request?.nonce !== nonce) return { ok: false, reason: 'superseded' };
    if (subscriber.status === 'bounced' || subscriber.status === 'complained') {
      return { ok: false, reason: 'suppressed' };
    }
    // Before the status changes: nobody is mailed without a recorded confirmation (invariant 3).
    await services.recordConsent({ ...visit, subscriberId: subscriber.id, action: 'confirmed' });
    const { pendingRequest: _, unsubscribedAt: __, ...rest } = subscriber;
    const stored = await services.subscribers.put({
      ...rest,
      status: 'active',
      preferences: request.preferences,
      confirmedNonce: nonce,
      confirmedAt: visit.at,
    });
    if (!stored) return 'again';
    await services.publishEvents([{ type: 'subscriber.confirmed', detail: { subscriberId: subscriber.id } }]);
    return { ok: true };
  });
}

/** Unsubscribes at once. Doing it again, or for somebody who is already gone, is the same again. */
export async function unsubscribe(services: SubscriptionServices, token: string, visit: Visit): Promise<LinkResult> {
  return withSubscriber(services, token, 'unsubscribe', visit.at, async subscriber => {
    if (!subscriber) return { ok: true };
    // A hard bounce or a complaint is never turned into a mere unsubscription; a stop after soft bounces may be lifted, so
    // who leaves during it has left.
    const leaves =
      subscriber.status === 'active' ||
      subscriber.status === 'pending' ||
      (subscriber.status === 'bounced' && subscriber.statusReason === statusReasons.softBounces);
    if (!leaves && !subscriber.pendingRequest) return { ok: true };
    const { pendingRequest: _, ...kept } = subscriber;
    const { statusReason: __, softBounces: ___, ...rest } = kept;
    const stored = await services.subscribers.put(
      leaves ? { ...rest, status: 'unsubscribed', unsubscribedAt: visit.at } : kept,
    );
    if (!stored) return 'again';
    await services.recordConsent({ ...visit, subscriberId: subscriber.id, action: 'unsubscribed' });
    await services.publishEvents([{ type: 'subscriber.unsubscribed', detail: { subscriberId: subscriber.id } }]);
    return { ok: true };
  });
}

async function withSubscriber(
  services: SubscriptionServices,
  token: string,
  purpose: TokenPurpose,
  now: number,
  act: (subscriber: Subscriber | undefined, nonce: string) => Promise<LinkResult | 'again'>,
): Promise<LinkResult> {
  const verified = verifyToken(services.keys, token, purpose, now);
  if (!verified.ok) return verified;
  for (let attempt = 0; attempt < writeAttempts; attempt += 1) {
    const result = await act(await services.subscribers.get(verified.grant.subscriberId), verified.grant.nonce);
    if (result !== 'again') return result;
  }
  throw new Error('The subscriber was written by others at each of several attempts.');
}
