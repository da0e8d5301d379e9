import type { Context, Hono } from 'hono';
import { collectPersonalData, erasePersonalData } from '../../shared/subscribers/personal-data.ts';
import { verifyToken } from '../../shared/subscribers/tokens.ts';
import { tokenOf } from './page-forms.ts';
import { erasedPage, erasePage } from './pages/personal-data.tsx';
import { renewLinkPage, requestLinkPage } from './pages/preferences-link.tsx';
import { exportHeaders, presentData } from './personal-data.ts';
import type { PublicServices } from './services.ts';

/** The forms by which people get, and erase, what is kept about them: by a link that was asked for, whether subscribed or not. */
export function mountPersonalDataPages(app: Hono, services: PublicServices): void {
  const { keys } = services.subscriptions;

  async function ownerOf(c: Context): Promise<{ subscriberId: string } | { answer: Response }> {
    const token = tokenOf(c);
    const verified = verifyToken(keys, token, 'manage', services.now());
    if (verified.ok) return verified.grant;
    services.logger.info('A link did not work', { purpose: 'manage', reason: verified.reason });
    const page = verified.reason === 'expired' ? renewLinkPage({ token }) : requestLinkPage({ expired: true });
    return { answer: await c.html(page, 400) };
  }

  app.post('/preferences/export', async c => {
    const owner = await ownerOf(c);
    if ('answer' in owner) return owner.answer;
    const data = await collectPersonalData(services.personalData, owner.subscriberId, services.now());
    if (!data) return c.html(erasedPage());
    return c.body(JSON.stringify(presentData(data, services.now()), undefined, 2), 200, {
      ...exportHeaders,
      'content-type': 'application/json',
    });
  });

  app.get('/preferences/erase', async c => {
    const owner = await ownerOf(c);
    return 'answer' in owner ? owner.answer : c.html(erasePage({ token: tokenOf(c) }));
  });

  app.post('/preferences/erase', async c => {
    const owner = await ownerOf(c);
    if ('answer' in owner) return owner.answer;
    await erasePersonalData(services.personalData, owner.subscriberId, services.now());
    services.logger.info('A subscriber was erased', { subscriberId: owner.subscriberId });
    return c.html(erasedPage());
  });
}
