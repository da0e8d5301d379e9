import { Problem } from '../../shared/http/problem.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import type { TokenServices } from './bearer.ts';
import type { PublicServices } from './services.ts';

/** The services that find a bearer token's subscriber. */
export function tokenServices({ subscriptions, logger, now }: PublicServices): TokenServices {
  return { keys: subscriptions.keys, subscribers: subscriptions.subscribers, logger, now };
}

/** @throws Problem when the subscriber gets no mail */
export function requireActive({ status }: Subscriber): void {
  if (status === 'active') return;
  throw new Problem('not-subscribed', 'This address is not subscribed. Subscribe again with POST /v1/subscriptions.');
}
