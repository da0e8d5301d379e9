import type { Context } from 'hono';
import { verifyToken } from '../../shared/subscribers/tokens.ts';
import { tokenOf } from './page-forms.ts';
import { renewLinkPage, requestLinkPage } from './pages/preferences-link.tsx';
import type { PublicServices } from './services.ts';

/**
 * Whose page is asked for, by a link that its owner asked for; else the page that gets them one. The link of a digest, which may
 * have been passed on, does not open it (docs/decisions/0013).
 */
export async function ownerOfLink(
  { subscriptions, logger, now }: Pick<PublicServices, 'subscriptions' | 'logger' | 'now'>,
  c: Context,
): Promise<{ subscriberId: string } | { answer: Response }> {
  const token = tokenOf(c);
  if (token === '') return { answer: await c.html(requestLinkPage({})) };
  const verified = verifyToken(subscriptions.keys, token, 'manage', now());
  if (verified.ok) return verified.grant;
  logger.info('A link did not work', { purpose: 'manage', reason: verified.reason });
  const page = verified.reason === 'expired' ? renewLinkPage({ token }) : requestLinkPage({ expired: true });
  return { answer: await c.html(page, 400) };
}
