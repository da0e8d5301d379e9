import type { Hono } from 'hono';
import * as z from 'zod';
import { archivePage } from '../../../shared/digests/archive.ts';
import { archiveIdSchema, archiveKinds, type ListedDigest } from '../../../shared/digests/digest.ts';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
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
    return digest ? c.html(digestPage({ digest })) : c.html(notFoundPage(), 404);
  });
}
