import type { Hono } from 'hono';
import * as z from 'zod';
import { archivePage } from '../../../shared/digests/archive.ts';
import { archiveIdSchema, archiveKinds, type Digest, type ListedDigest } from '../../../shared/digests/digest.ts';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { addDays } from '../../../shared/time/day.ts';
import { notFoundPage } from '../pages/problems.tsx';
import type { PublicServices } from '../services.ts';
import { getDigest, listDigests } from './contract.ts';
import { archivePageOf, digestPage } from './digests-view.tsx';

const shownOnPage = 30;

function summarise({ id, kind, date, subject, publishedAt }: Omit<ListedDigest, 'paperCount'>) {
  return { id, kind, date, subject, publishedAt: new Date(publishedAt).toISOString() };
}

/** The public archive: its API and its pages. */
export function mountDigests(app: Hono, services: PublicServices): void {
  mount(app, listDigests, async ({ query }) => {
    const page = await archivePage(services, query);
    if (!page) throw new Problem('invalid-input', 'The cursor belongs to another list: begin again without it.');
    const digests = page.digests.map(digest => ({ ...summarise(digest), papers: digest.paperCount }));
    return { answer: { ...page, digests } };
  });

  mount(app, getDigest, async ({ params }) => {
    const digest = await services.digests.get(params.id);
    if (!digest) throw new Problem('not-found', 'There is no digest with this id.');
    return { answer: { ...summarise(digest), papers: digest.papers } };
  });

  app.get('/digests', publicFor(briefly), async c => {
    const kind = z.enum(archiveKinds).optional().catch(undefined).parse(c.req.query('kind'));
    const page = await archivePage(services, { kind, limit: shownOnPage, cursor: c.req.query('cursor') });
    return page ? c.html(archivePageOf({ publicUrl: services.publicUrl, kind, ...page })) : c.redirect('/digests');
  });

  app.get('/digests/:id', publicFor(briefly), async c => {
    const id = archiveIdSchema.safeParse(c.req.param('id'));
    const digest = id.success ? await services.digests.get(id.data) : undefined;
    if (!digest) return c.html(notFoundPage(), 404);
    return c.html(digestPage({ digest, publicUrl: services.publicUrl, ...(await neighboursOf(services, digest)) }));
  });
}

/** Days after a digest within which the next one of its kind is looked for. */
const longestPause = 31;

/** The ids of the digests of the same kind before and after one. */
async function neighboursOf({ digests }: PublicServices, { kind, date }: Digest) {
  const [[before], after] = await Promise.all([
    digests.latest(kind, 1, { to: addDays(date, -1) }),
    digests.latest(kind, longestPause, { from: addDays(date, 1), to: addDays(date, longestPause) }),
  ]);
  return { before: before?.id, after: after.at(-1)?.id };
}
