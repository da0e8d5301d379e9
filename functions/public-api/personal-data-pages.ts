import type { Hono } from 'hono';
import { collectPersonalData, erasePersonalData } from '../../shared/personal-data/personal-data.ts';
import { ownerOfLink } from './manage-link.ts';
import { tokenOf } from './page-forms.ts';
import { erasedPage, erasePage } from './pages/personal-data.tsx';
import { exportHeaders, presentData } from './personal-data.ts';
import type { PublicServices } from './services.ts';

/** The forms by which people get, and erase, what is kept about them: by a link that was asked for, whether subscribed or not. */
export function mountPersonalDataPages(app: Hono, services: PublicServices): void {
  app.post('/preferences/export', async c => {
    const owner = await ownerOfLink(services, c);
    if ('answer' in owner) return owner.answer;
    const data = await collectPersonalData(services.personalData, owner.subscriberId, services.now());
    if (!data) return c.html(erasedPage());
    return c.body(JSON.stringify(presentData(data, services.now()), undefined, 2), 200, {
      ...exportHeaders,
      'content-type': 'application/json',
    });
  });

  app.get('/preferences/erase', async c => {
    const owner = await ownerOfLink(services, c);
    return 'answer' in owner ? owner.answer : c.html(erasePage({ token: tokenOf(c) }));
  });

  app.post('/preferences/erase', async c => {
    const owner = await ownerOfLink(services, c);
    if ('answer' in owner) return owner.answer;
    await erasePersonalData(services.personalData, owner.subscriberId, services.now());
    services.logger.info('A subscriber was erased', { subscriberId: owner.subscriberId });
    return c.html(erasedPage());
  });
}
