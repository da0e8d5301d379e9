import type { Hono } from 'hono';
import { likelyAddress } from '../../../shared/sign-up/likely-address.ts';
import { isRequestOpen } from '../../../shared/sign-up/moves.ts';
import { noteLeaveReason } from '../../../shared/sign-up/service.ts';
import { willRenew } from '../../../shared/sign-up/sign-up.ts';
import { takeBackState } from '../../../shared/sign-up/take-back.ts';
import { preferencesChangeSchema, preferencesSchema } from '../../../shared/subscribers/preferences.ts';
import { isConfirmed, leaveReasons, requestsOf } from '../../../shared/subscribers/subscriber.ts';
import { signToken, verifyToken } from '../../../shared/subscribers/tokens.ts';
import { honeypotField } from '../pages/parts.tsx';
import { subscribeFormPage } from '../papers/home-view.tsx';
import { topicsIn } from '../papers/preview.ts';
import type { PublicServices } from '../services.ts';
import { renewConfirmation, signUp } from './enqueue.ts';
import { answerPage, fieldsOf, tokenOf } from './page-forms.ts';
import { actOnLink } from './routes.ts';
import { checkInboxPage, didYouMeanPage } from './sign-up-view.tsx';
import {
  confirmedPage,
  confirmPage,
  expiredPage,
  linkProblemPage,
  reasonNotedPage,
  takeBackPage,
  takenBackPage,
  unsubscribedPage,
  unsubscribePage,
  zonePagePolicy,
} from './subscriptions-view.tsx';

/**
 * The pages of signing up, confirming and leaving. [A GET changes nothing](docs/invariants.md#4): mail scanners follow
 * every link.
 */
export function mountSubscriptionPages(app: Hono, services: PublicServices): void {
  const { keys, subscribers } = services.subscriptions;
  const keptDays = services.keptAfterLeavingDays;

  /** Whether the press for a fresh link brings a mail. The link's subscriber has the mailbox, and so may learn its state. */
  async function isRenewable(grant: { subscriberId: string; nonce: string }): Promise<boolean> {
    const subscriber = await subscribers.get(grant.subscriberId);
    const request = subscriber && requestsOf(subscriber).find(each => each.nonce === grant.nonce);
    if (request && !(await isRequestOpen(subscribers, request))) return false;
    return willRenew(subscriber, grant, services.now());
  }

  app.post('/subscriptions', async c => {
    const { email = '', topics = '', meant, [honeypotField]: honeypot } = await fieldsOf(c);
    const likely = meant === undefined ? likelyAddress(email) : undefined;
    if (likely !== undefined) return c.html(didYouMeanPage({ email, likely, topics }), 400);
    const wishes = preferencesSchema.safeParse({ topics: topicsIn(topics) });
    const refused = wishes.success
      ? await signUp(services, { email, preferences: wishes.data, honeypot, by: 'page' }, c)
      : { fault: `A topic ${wishes.error.issues[0]?.message}.` };
    if (refused) return answerPage(c, subscribeFormPage({ problem: refused.fault, email, topics }), refused);
    return c.html(checkInboxPage(), 202);
  });

  app.get('/subscriptions/confirm', async c => {
    const token = tokenOf(c);
    const verified = verifyToken(keys, token, 'confirm', services.now());
    // An expired link is named before the reader presses the button in vain.
    if (!verified.ok && verified.reason === 'expired') {
      const renewable = await isRenewable(verified.grant);
      return renewable ? c.html(expiredPage({ token })) : c.html(linkProblemPage({ purpose: 'confirm' }), 400);
    }
    const subscriber = verified.ok ? await subscribers.get(verified.grant.subscriberId) : undefined;
    if (!verified.ok || !subscriber) return c.html(linkProblemPage({ purpose: 'confirm' }), 400);
    if (isConfirmed(subscriber, verified.grant.nonce)) return c.html(confirmPage({ token }));
    const request = requestsOf(subscriber).find(each => each.nonce === verified.grant.nonce);
    if (!request || !(await isRequestOpen(subscribers, request))) {
      return c.html(linkProblemPage({ purpose: 'confirm' }), 400);
    }
    c.header('content-security-policy', zonePagePolicy);
    return c.html(confirmPage({ token, wishes: request.preferences }));
  });
  app.post('/subscriptions/confirm', async c => {
    const token = tokenOf(c);
    const { sendHour, timeZone } = await fieldsOf(c);
    // A choice that can't be understood does not stop the confirmation, and costs no other choice.
    const hour = preferencesChangeSchema.safeParse({ ...(sendHour && { sendHour: Number(sendHour) }) });
    const zone = preferencesChangeSchema.safeParse({ timeZone });
    const result = await actOnLink(services, 'confirm', token, 'page', c, { ...hour.data, ...zone.data });
    if (result.ok) {
      const verified = verifyToken(keys, token, 'confirm', services.now());
      const grant = verified.ok && { ...verified.grant, purpose: 'preferences' as const, nonce: '0' };
      const query = grant ? `?token=${signToken(keys, grant, services.now())}` : '';
      return c.html(confirmedPage({ preferencesUrl: `/preferences${query}` }));
    }
    const renewable = result.expired && (await isRenewable(result.expired));
    return c.html(renewable ? expiredPage({ token }) : linkProblemPage({ purpose: 'confirm' }), 400);
  });

  app.post('/subscriptions/confirm/renew', async c => {
    const token = tokenOf(c);
    const verified = verifyToken(keys, token, 'confirm', services.now());
    const grant = verified.ok || verified.reason === 'expired' ? verified.grant : undefined;
    if (!grant || !(await isRenewable(grant))) return c.html(linkProblemPage({ purpose: 'confirm' }), 400);
    const refused = await renewConfirmation(services, grant, c);
    if (refused) return answerPage(c, expiredPage({ token, problem: refused.fault }), refused);
    return c.html(checkInboxPage(), 202);
  });

  app.get('/subscriptions/take-back', async c => {
    const token = tokenOf(c);
    const verified = verifyToken(keys, token, 'takeback', services.now());
    const subscriber = verified.ok ? await subscribers.get(verified.grant.subscriberId) : undefined;
    const works = verified.ok && takeBackState(subscriber, verified.grant) !== 'void';
    return works ? c.html(takeBackPage({ token })) : c.html(linkProblemPage({ purpose: 'takeback' }), 400);
  });
  app.post('/subscriptions/take-back', async c => {
    const result = await actOnLink(services, 'takeback', tokenOf(c), 'page', c);
    return result.ok ? c.html(takenBackPage()) : c.html(linkProblemPage({ purpose: 'takeback' }), 400);
  });

  app.get('/subscriptions/unsubscribe', c => {
    const token = tokenOf(c);
    const { ok } = verifyToken(keys, token, 'unsubscribe', services.now());
    return ok ? c.html(unsubscribePage({ token })) : c.html(linkProblemPage({ purpose: 'unsubscribe' }), 400);
  });
  app.post('/subscriptions/unsubscribe', async c => {
    // RFC 8058: the mail client posts `List-Unsubscribe=One-Click`, urlencoded or multipart. A body that can't be read
    // does not stop the reader from leaving: the token alone decides.
    const by = (await fieldsOf(c))['List-Unsubscribe'] === 'One-Click' ? 'one-click' : 'page';
    const token = tokenOf(c);
    const result = await actOnLink(services, 'unsubscribe', token, by, c);
    return result.ok
      ? c.html(unsubscribedPage({ token, keptDays }))
      : c.html(linkProblemPage({ purpose: 'unsubscribe' }), 400);
  });

  app.post('/subscriptions/unsubscribe/reason', async c => {
    const token = tokenOf(c);
    const given = (await fieldsOf(c)).reason;
    const reason = leaveReasons.find(known => known === given);
    if (!reason)
      return c.html(
        unsubscribedPage({ token, keptDays, problem: 'Choose one of these, or simply close this page.' }),
        400,
      );
    const result = await noteLeaveReason(services.subscriptions, token, reason, services.now());
    return result.ok ? c.html(reasonNotedPage()) : c.html(linkProblemPage({ purpose: 'unsubscribe' }), 400);
  });
}
