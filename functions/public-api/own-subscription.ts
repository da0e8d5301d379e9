import type { Hono } from 'hono';
import { mountForOwner, unauthorized } from '../../shared/http/bearer.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { getOwnSubscription } from './contract.ts';
import type { PublicServices } from './services.ts';

function present({ address, status, preferences }: Subscriber) {
  return { email: address, status, preferences };
}

/** `/v1/subscriptions/me`: what the owner of a manage token may do. */
export function mountOwnSubscription(app: Hono, services: PublicServices): void {
  const { subscribers, keys } = services.subscriptions;
  const owner = { keys, logger: services.logger, now: services.now };

  mountForOwner(app, owner, getOwnSubscription, async ({ subscriberId }) => {
    const subscriber = await subscribers.get(subscriberId);
    // An erased one: its token says no more than a wrong one.
    if (!subscriber || subscriber.status === 'erased') throw unauthorized(true);
    return { answer: present(subscriber) };
  });
}
