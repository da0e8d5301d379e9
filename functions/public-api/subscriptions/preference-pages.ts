import type { Context, Hono } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { changeSubscription, takeLinksBack } from '../../../shared/sign-up/service.ts';
import { preferencesChangeSchema } from '../../../shared/subscribers/preferences.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import {
  isCurrent,
  signToken,
  type TokenPurpose,
  type TokenResult,
  verifyTokenFor,
} from '../../../shared/subscribers/tokens.ts';
import type { PublicServices } from '../services.ts';
import { requestLink, requestMove, requestOwnLink } from './enqueue.ts';
import type { FieldFaults, PreferencesForm } from './fields.tsx';
import {
  linkSentPage,
  moveRequestedPage,
  notSubscribedPage,
  renewLinkPage,
  requestLinkPage,
} from './manage-link-view.tsx';
import { answerPage, fieldsOf, tokenOf } from './page-forms.ts';
import { faultsOf, formOf, preferenceFields, preferenceNames } from './preference-fields.tsx';
import { preferencesPage } from './preferences-view.tsx';

/** The pages about the reader's own subscription. They work without JavaScript. A GET changes nothing. */
export function mountPreferencePages(app: Hono, services: PublicServices): void {
  const { keys, subscribers } = services.subscriptions;

  /**
   * The rights that the link grants. A `manage` link was asked for by its subscriber; a digest's link may have been
   * forwarded.
   */
  const verifyLink = (c: Context, purposes: readonly TokenPurpose[] = ['manage', 'preferences']): TokenResult =>
    verifyTokenFor(keys, tokenOf(c), purposes, services.now());

  /** The link's subscriber, if the link grants what is needed; else the page that says what to do. */
  async function subscriberOf(
    c: Context,
    needed: 'preferences' | 'manage' = 'preferences',
  ): Promise<{ subscriber: Subscriber } | { answer: Response }> {
    const token = tokenOf(c);
    if (token === '') return { answer: await c.html(requestLinkPage({})) };
    const verified = verifyLink(c);
    if (!verified.ok) services.logger.info('A link did not work', { purpose: needed, reason: verified.reason });
    if (!verified.ok && verified.reason === 'expired') return { answer: await c.html(renewLinkPage({ token }), 400) };
    const subscriber = verified.ok ? await subscribers.get(verified.grant.subscriberId) : undefined;
    if (!verified.ok || !subscriber || subscriber.status === 'erased') {
      return { answer: await c.html(requestLinkPage({ expired: true }), 400) };
    }
    if (!isCurrent(verified.grant, subscriber)) {
      services.logger.info('A link did not work', { purpose: needed, reason: 'taken back' });
      return { answer: await c.html(renewLinkPage({ token }), 400) };
    }
    if (subscriber.status !== 'active') {
      return { answer: await c.html(notSubscribedPage(isWhole(verified) ? { token } : {})) };
    }
    return needed === 'manage' && !isWhole(verified)
      ? { answer: await c.html(page(c, subscriber), 403) }
      : { subscriber };
  }

  function page(
    c: Context,
    subscriber: Subscriber,
    shown: {
      form?: PreferencesForm;
      faults?: FieldFaults;
      saved?: boolean;
      /** The link that still works after all others were taken back. */
      token?: string;
      signedOut?: boolean;
      move?: { email: string; fault: string };
    } = {},
  ): string {
    const grant = { purpose: 'unsubscribe' as const, subscriberId: subscriber.id, nonce: '0' };
    const unsubscribeUrl = `/subscriptions/unsubscribe?token=${signToken(keys, grant, services.now())}`;
    return preferencesPage({
      token: tokenOf(c),
      address: subscriber.address,
      isWhole: isWhole(verifyLink(c)),
      form: formOf(subscriber.preferences),
      unsubscribeUrl,
      ...shown,
    });
  }

  app.get('/preferences', async c => {
    const found = await subscriberOf(c);
    return 'answer' in found ? found.answer : c.html(page(c, found.subscriber));
  });

  app.post('/preferences', async c => {
    const found = await subscriberOf(c);
    if ('answer' in found) return found.answer;
    const fields = await fieldsOf(c);
    const sent = preferenceNames.filter(name => fields[name] !== undefined);
    if (sent.length === 0) throw new Problem('invalid-input', noFields);
    const form = { ...formOf(found.subscriber.preferences), ...fields } as PreferencesForm;
    // A browser sends every field of its page. A page from before a field was added leaves that field unchanged.
    const change = Object.fromEntries(sent.map(name => [name, preferenceFields[name].read(form[name])]));
    const parsed = preferencesChangeSchema.safeParse(change);
    if (!parsed.success) return c.html(page(c, found.subscriber, { form, faults: faultsOf(parsed.error.issues) }), 400);
    const changed = await changeSubscription(services.subscriptions, found.subscriber.id, parsed.data, services.now());
    if (changed?.status !== 'active') return c.html(notSubscribedPage());
    return c.html(page(c, changed, { saved: true }));
  });

  app.post('/preferences/sign-out', async c => {
    const found = await subscriberOf(c, 'manage');
    if ('answer' in found) return found.answer;
    const subscriber = await takeLinksBack(services.subscriptions, found.subscriber.id);
    if (subscriber?.status !== 'active') return c.html(notSubscribedPage());
    const grant = {
      purpose: 'manage' as const,
      subscriberId: subscriber.id,
      nonce: '0',
      generation: subscriber.linkGeneration,
    };
    return c.html(page(c, subscriber, { token: signToken(keys, grant, services.now()), signedOut: true }));
  });

  app.post('/preferences/address', async c => {
    const found = await subscriberOf(c, 'manage');
    if ('answer' in found) return found.answer;
    const { email = '' } = await fieldsOf(c);
    const refused = await requestMove(services, { subscriber: found.subscriber, email, by: 'page' }, c);
    if (!refused) return c.html(moveRequestedPage(), 202);
    return answerPage(c, page(c, found.subscriber, { move: { email, fault: refused.fault } }), refused);
  });

  app.post('/preferences/link', async c => {
    const token = tokenOf(c);
    if (token !== '') {
      const verified = verifyLink(c, ['manage', 'preferences', 'data']);
      const grant = verified.ok || verified.reason === 'expired' ? verified.grant : undefined;
      if (!grant) return c.html(requestLinkPage({ expired: true }), 400);
      const refused = await requestOwnLink(services, grant.subscriberId, c);
      if (!refused) return c.html(linkSentPage(services), 202);
      return answerPage(c, renewLinkPage({ token, purpose: grant.purpose, problem: refused.fault }), refused);
    }
    const { email = '' } = await fieldsOf(c);
    const refused = await requestLink(services, { email, by: 'page' }, c);
    if (!refused) return c.html(linkSentPage(services), 202);
    return answerPage(c, requestLinkPage({ problem: refused.fault, email }), refused);
  });
}

const isWhole = (verified: TokenResult) => verified.ok && verified.grant.purpose === 'manage';

const noFields = 'Nothing was saved: none of the form’s fields came. Open the page again and save once more.';
