import type { overtaken } from '../platform/retry.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { type TokenGrant, type TokenPurpose, verifyToken } from '../subscribers/tokens.ts';
import { retried, type SubscriptionServices } from './leave.ts';

/** The result of acting on a link. The reason is for the log; the reader gets one neutral message. */
export type LinkResult =
  | { ok: true }
  | {
      ok: false;
      reason: string;
      /** The grant of a genuine token that has expired. */
      expired?: TokenGrant;
    };

/** Acts on a link for its subscriber, and again if another process wrote the subscriber in between. */
export async function withSubscriber(
  services: SubscriptionServices,
  token: string,
  purpose: TokenPurpose,
  now: number,
  act: (subscriber: Subscriber | undefined, nonce: string, grant: TokenGrant) => Promise<LinkResult | typeof overtaken>,
): Promise<LinkResult> {
  const verified = verifyToken(services.keys, token, purpose, now);
  if (!verified.ok) {
    return { ok: false, reason: verified.reason, ...(verified.reason === 'expired' && { expired: verified.grant }) };
  }
  const { grant } = verified;
  return retried(async () => act(await services.subscribers.get(grant.subscriberId), grant.nonce, grant));
}
