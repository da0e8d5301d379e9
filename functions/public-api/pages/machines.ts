import type { Hono } from 'hono';
import { publicFor } from '../../../shared/http/caching.ts';
import { day, hour } from '../../../shared/platform/durations.ts';
import { addDays, featuredDay } from '../../../shared/time/day.ts';
import type { PublicServices } from '../services.ts';

/** Days whose papers are in the sitemap: older ones are found through the lists. */
const sitemapDays = 31;
const sitemapDigests = 100;
/** Seconds. */
const [aDay, anHour] = [day / 1000, hour / 1000];

/** A sheet with lines of text. */
const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#15529e"/>' +
  '<path d="M4 5h8M4 8h8M4 11h5" stroke="#fff" stroke-width="1.6" stroke-linecap="round"/></svg>';

/** The files that programs ask every site for: an icon, the rules for crawlers, the addresses of the pages. */
export function mountMachines(app: Hono, services: PublicServices): void {
  const { publicUrl } = services;

  app.get('/favicon.svg', publicFor(aDay, aDay), c => c.body(icon, 200, { 'Content-Type': 'image/svg+xml' }));
  app.get('/favicon.ico', c => c.redirect('/favicon.svg'));

  // Pages behind a mailed link ask not to be indexed themselves: a crawler that may not read them can't know that.
  app.get('/robots.txt', publicFor(aDay, aDay), c =>
    c.text(
      ['User-agent: *', 'Disallow: /v1/', 'Disallow: /search', '', `Sitemap: ${publicUrl}/sitemap.xml`, ''].join('\n'),
    ),
  );

  app.get('/sitemap.xml', publicFor(anHour), async c => {
    const today = featuredDay(services.now());
    const days = Array.from({ length: sitemapDays }, (_, back) => addDays(today, -back));
    const [papers, dailies, weeklies] = await Promise.all([
      Promise.all(days.map(date => services.papers.listPlacesByDay(date))),
      services.digests.latest('daily', sitemapDigests),
      services.digests.latest('weekly', sitemapDigests),
    ]);
    const paths = [
      '/',
      '/digests',
      ...days.filter((_, index) => papers[index]?.length).map(date => `/?date=${date}`),
      ...[...dailies, ...weeklies].map(({ id }) => `/digests/${id}`),
      ...papers.flat().map(({ id }) => `/papers/${id}`),
    ];
    // Paths have no character that XML would need escaped.
    const addresses = paths.map(path => `<url><loc>${publicUrl}${path}</loc></url>\n`).join('');
    return c.body(
      `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${addresses}</urlset>\n`,
      200,
      { 'Content-Type': 'application/xml; charset=utf-8' },
    );
  });
}
