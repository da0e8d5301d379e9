import type { Context, Hono } from 'hono';
import { Problem } from '../../shared/http/problem.ts';
import { mount } from '../../shared/http/route.ts';
import { originOf } from '../../shared/http/visitor.ts';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { confirmSubscription, type LinkResult, unsubscribe } from '../../shared/subscribers/service.ts';
import type { Preferences } from '../../shared/subscribers/subscriber.ts';
import * as contract from './contract.ts';
import type { PublicServices } from './services.ts';

/** Says the same for every token that does not work, so that nothing can be learnt from it. */
const neutralTokenMessage =
  'The link is not valid any more, or was not copied whole. Open it from the mail again, or subscribe again.';

/**
 * Queues a sign-up: the same calls for every valid address (invariant 5).
 * @returns what is wrong with the address, if anything
 */
export async function signUp(
  services: PublicServices,
  request: { email: string; preferences: Preferences; by: 'page' | 'api' },
  c: Context,
): Promise<{ fault: string } | undefined> {
  const parsed = parseAddress(request.email);
  if (!parsed.ok) return { fault: parsed.reason };
  await services.enqueueSignUp({
    address: parsed.address.delivery,
    identity: parsed.address.identity,
    preferences: request.preferences,
    requestedAt: services.now(),
    by: request.by,
    origin: originOf(c),
  });
  return undefined;
}

/** Acts on a link's token, and logs why one did not work. */
export async function actOnLink(
  services: PublicServices,
  purpose: 'confirm' | 'unsubscribe',
  token: string,
  by: 'page' | 'api' | 'one-click',
  c: Context,
): Promise<LinkResult> {
  const act = purpose === 'confirm' ? confirmSubscription : unsubscribe;
  const result = await act(services.subscriptions, token, { at: services.now(), by, origin: originOf(c) });
  if (!result.ok) services.logger.info('A link did not work', { purpose, reason: result.reason });
  return result;
}

export function mountSubscriptions(app: Hono, services: PublicServices): void {
  mount(app, contract.subscribe, async ({ body, context }) => {
    const refused = await signUp(services, { ...body, by: 'api' }, context);
    if (refused) throw new Problem('invalid-input', refused.fault, [{ path: 'email', message: refused.fault }]);
    return { answer: { status: 'confirmation_sent' as const } };
  });

  mount(app, contract.confirm, async ({ body, context }) => {
    const result = await actOnLink(services, 'confirm', body.token, 'api', context);
    if (!result.ok) throw new Problem('invalid-token', neutralTokenMessage);
    return { answer: { status: 'active' as const } };
  });

  mount(app, contract.unsubscribe, async ({ body, context }) => {
    const result = await actOnLink(services, 'unsubscribe', body.token, 'api', context);
    if (!result.ok) throw new Problem('invalid-token', neutralTokenMessage);
    return { answer: { status: 'unsubscribed' as const } };
  });
}
