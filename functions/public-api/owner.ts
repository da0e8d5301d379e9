import { unauthorized } from '../../shared/http/bearer.ts';
import { Problem } from '../../shared/http/problem.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';

/** @throws Problem for an erased one: its token says no more than a wrong one */
export function existing(subscriber: Subscriber | undefined): Subscriber {
  if (!subscriber || subscriber.status === 'erased') throw unauthorized(true);
  return subscriber;
}

/** @throws Problem for one that gets no mail */
export function requireActive({ status }: Subscriber): void {
  if (status === 'active') return;
  throw new Problem('not-subscribed', 'This address is not subscribed. Subscribe again with POST /v1/subscriptions.');
}
