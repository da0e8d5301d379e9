import type { Hono } from 'hono';
import { changeSubscription } from '../../../shared/sign-up/service.ts';
import { changePreferences, type PreferencesChange } from '../../../shared/subscribers/preferences.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { mountForSubscriber, unauthorized } from '../bearer.ts';
import type { PublicServices } from '../services.ts';
import { requireActive, tokenServices } from '../token-services.ts';
import { changeOwnSubscription, getOwnSubscription } from './contract.ts';
import { problemOf, requestMove } from './enqueue.ts';

function present({ address, status, preferences }: Subscriber) {
  return { email: address, status, preferences };
}

/** `/v1/subscriptions/me`, for the subscriber of a manage token. */
export function mountOwnSubscription(app: Hono, services: PublicServices): void {
  const byToken = tokenServices(services);

  mountForSubscriber(app, byToken, getOwnSubscription, async ({ subscriber }) => ({ answer: present(subscriber) }));

  mountForSubscriber(app, byToken, changeOwnSubscription, async ({ subscriber, body, context }) => {
    requireActive(subscriber);
    // The move can be refused, so it goes first: a request is done whole or not at all.
    if (body.email !== undefined) {
      const move = { subscriber: withChange(subscriber, body.preferences), email: body.email, by: 'api' as const };
      const refused = await requestMove(services, move, context);
      if (refused) throw problemOf(refused);
    }
    const changed = await changeSubscription(
      services.subscriptions,
      subscriber.id,
      body.preferences ?? {},
      services.now(),
    );
    if (!changed) throw unauthorized(true);
    requireActive(changed);
    return { answer: present(changed), status: body.email === undefined ? 200 : 202 };
  });
}

function withChange(subscriber: Subscriber, change: PreferencesChange | undefined): Subscriber {
  return { ...subscriber, preferences: changePreferences(subscriber.preferences, change ?? {}) };
}
