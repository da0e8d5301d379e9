import type { Hono } from 'hono';
import { collectPersonalData, erasePersonalData } from '../../../shared/personal-data/personal-data.ts';
import type { PublicServices } from '../services.ts';
import { subscriberOfLink } from '../subscriptions/manage-link.ts';
import { tokenOf } from '../subscriptions/page-forms.ts';
import { ownDataPage } from './own-data-view.tsx';
import { erasedPage, erasePage } from './personal-data-view.tsx';
import { exportHeaders, presentData } from './routes.ts';

/**
 * The purposes of links that show and erase kept data: a subscriber's own, and that of a reader who is not subscribed.
 */
const ownData = ['manage', 'data'] as const;

/** The pages and forms that show and erase a reader's data, by a link that the reader asked for, subscribed or not. */
export function mountPersonalDataPages(app: Hono, services: PublicServices): void {
  app.get('/own-data', async c => {
    const found = await subscriberOfLink(services, c, ownData);
    if ('answer' in found) return found.answer;
    const data = await collectPersonalData(services.personalData, found.subscriberId, services.now());
    return c.html(
      data ? ownDataPage({ token: tokenOf(c), data, keptDays: services.keptAfterLeavingDays }) : erasedPage(),
    );
  });

  app.post('/preferences/export', async c => {
    const found = await subscriberOfLink(services, c, ownData);
    if ('answer' in found) return found.answer;
    const data = await collectPersonalData(services.personalData, found.subscriberId, services.now());
    if (!data) return c.html(erasedPage());
    return c.body(JSON.stringify(presentData(data, services.now()), undefined, 2), 200, {
      ...exportHeaders,
      'content-type': 'application/json',
    });
  });

  app.get('/preferences/erase', async c => {
    const found = await subscriberOfLink(services, c, ownData);
    if ('answer' in found) return found.answer;
    if (!found.subscriber) return c.html(erasedPage());
    return c.html(erasePage({ token: tokenOf(c), isSubscribed: found.subscriber.status === 'active' }));
  });

  app.post('/preferences/erase', async c => {
    const found = await subscriberOfLink(services, c, ownData);
    if ('answer' in found) return found.answer;
    await erasePersonalData(services.personalData, found.subscriberId, services.now());
    services.logger.info('A subscriber was erased', { subscriberId: found.subscriberId });
    return c.html(erasedPage());
  });
}
