import type { Subscriber } from '../subscribers/subscriber.ts';
import { type TokenGrant, type TokenPurpose, verifyToken } from '../subscribers/tokens.ts';
import { retried, type SubscriptionServices } from './leave.ts';

/** Result of acting on a link. The reason is for the log; the person gets one neutral message. */
export type LinkResult =
  | { ok: true }
  | {
      ok: false;
      reason: string;
      /** Of a genuine token whose time is over. */
      expired?: TokenGrant;
    };

/** Acts on a link for its subscriber, and again when others wrote the same subscriber in between. */
export async function withSubscriber(
  services: SubscriptionServices,
  token: string,
  purpose: TokenPurpose,
  now: number,
  act: (subscriber: Subscriber | undefined, nonce: string, grant: TokenGrant) => Promise<LinkResult | 'again'>,
): Promise<LinkResult> {
  const verified = verifyToken(services.keys, token, purpose, now);
  if (!verified.ok) {
    return { ok: false, reason: verified.reason, ...(verified.reason === 'expired' && { expired: verified.grant }) };
  }
  const { grant } = verified;
  return retried(async () => act(await services.subscribers.get(grant.subscriberId), grant.nonce, grant));
}
