import type { Context, Hono } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { likelyAddress } from '../../../shared/sign-up/likely-address.ts';
import type { LinkResult } from '../../../shared/sign-up/link.ts';
import { confirmSubscription, noteLeaveReason, unsubscribe } from '../../../shared/sign-up/service.ts';
import { takeBack } from '../../../shared/sign-up/take-back.ts';
import type { PreferencesChange } from '../../../shared/subscribers/preferences.ts';
import type { PublicServices } from '../services.ts';
import { requesterOf } from '../visitor.ts';
import * as contract from './contract.ts';
import { problemOf, requestLink, signUp } from './enqueue.ts';

/** The same for every token that is not valid, so that a stranger learns nothing from it. */
const neutralTokenMessage =
  'The link is not valid any more, or was not copied whole. Open it from the mail again, or subscribe again.';

/** Acts on a link's token, and logs the reason of a failure. `wishes` are preferences chosen with a confirmation. */
export async function actOnLink(
  services: PublicServices,
  purpose: 'confirm' | 'unsubscribe' | 'takeback',
  token: string,
  by: 'page' | 'api' | 'one-click',
  c: Context,
  wishes: PreferencesChange = {},
): Promise<LinkResult> {
  const visit = { at: services.now(), by, origin: requesterOf(c) };
  const { subscriptions } = services;
  const acts = {
    confirm: () => confirmSubscription(subscriptions, token, visit, wishes),
    unsubscribe: () => unsubscribe(subscriptions, token, visit),
    takeback: () => takeBack(subscriptions, token, visit),
  };
  const result = await acts[purpose]();
  if (!result.ok) services.logger.info('A link did not work', { purpose, reason: result.reason });
  return result;
}

export function mountSubscriptions(app: Hono, services: PublicServices): void {
  mount(app, contract.subscribe, async ({ body, context }) => {
    const refused = await signUp(services, { ...body, by: 'api' }, context);
    if (refused) throw problemOf(refused);
    const likely = likelyAddress(body.email);
    return { answer: { status: 'confirmation_sent' as const, ...(likely && { didYouMean: likely }) } };
  });

  mount(app, contract.requestLink, async ({ body, context }) => {
    const refused = await requestLink(services, { ...body, by: 'api' }, context);
    if (refused) throw problemOf(refused);
    return { answer: { status: 'link_sent' as const } };
  });

  mount(app, contract.confirm, async ({ body, context }) => {
    const result = await actOnLink(services, 'confirm', body.token, 'api', context);
    if (!result.ok) throw new Problem('invalid-token', neutralTokenMessage);
    return { answer: { status: 'active' as const } };
  });

  mount(app, contract.takeBack, async ({ body, context }) => {
    const result = await actOnLink(services, 'takeback', body.token, 'api', context);
    if (!result.ok) throw new Problem('invalid-token', neutralTokenMessage);
    return { answer: { status: 'active' as const } };
  });

  mount(app, contract.unsubscribe, async ({ body, context }) => {
    const result = await actOnLink(services, 'unsubscribe', body.token, 'api', context);
    if (!result.ok) throw new Problem('invalid-token', neutralTokenMessage);
    // After the unsubscription, so that a faulty reason can't stop it.
    if (body.reason) await noteLeaveReason(services.subscriptions, body.token, body.reason, services.now());
    return { answer: { status: 'unsubscribed' as const } };
  });
}
