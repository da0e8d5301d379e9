import type { Context } from 'hono';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { isCurrent, type TokenPurpose, verifyTokenFor } from '../../../shared/subscribers/tokens.ts';
import type { PublicServices } from '../services.ts';
import { renewLinkPage, requestLinkPage } from './manage-link-view.tsx';
import { tokenOf } from './page-forms.ts';

/**
 * The subscriber of a link that they asked for, else the page that mails such a link. The link of a digest does not
 * open the page, since the mail may have been forwarded (docs/decisions/0013). A link that was taken back does not open
 * it either.
 */
export async function subscriberOfLink(
  { subscriptions, logger, now }: Pick<PublicServices, 'subscriptions' | 'logger' | 'now'>,
  c: Context,
  purposes: readonly TokenPurpose[] = ['manage'],
): Promise<{ subscriberId: string; subscriber: Subscriber | undefined } | { answer: Response }> {
  const token = tokenOf(c);
  if (token === '') return { answer: await c.html(requestLinkPage({ aboutData: purposes.includes('data') })) };
  const verified = verifyTokenFor(subscriptions.keys, token, purposes, now());
  if (verified.ok) {
    const subscriber = await subscriptions.subscribers.get(verified.grant.subscriberId);
    if (!subscriber || isCurrent(verified.grant, subscriber)) return { ...verified.grant, subscriber };
  }
  const reason = verified.ok ? 'taken back' : verified.reason;
  logger.info('A link did not work', { purpose: purposes.join(' or '), reason });
  if (!verified.ok && verified.reason === 'expired') {
    return { answer: await c.html(renewLinkPage({ token, purpose: verified.grant.purpose }), 400) };
  }
  const page = requestLinkPage({ expired: true });
  return { answer: await c.html(page, 400) };
}
