import type { Context, Hono } from 'hono';
import type { Digest } from '../../../shared/digests/digest.ts';
import { paperPageUrl } from '../../../shared/digests/digest-paper.ts';
import { atomFeed, type Feed, type FeedEntry, jsonFeed, tagUri } from '../../../shared/feeds/feed.ts';
import { publicFor } from '../../../shared/http/caching.ts';
import { answerConditionally } from '../../../shared/http/conditional.ts';
import { Problem } from '../../../shared/http/problem.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { opensAt } from '../../../shared/papers/score.ts';
import { authorsOf, titleOf } from '../../../shared/papers/shown.ts';
import { orNamed } from '../../../shared/platform/damaged.ts';
import { QueryError } from '../../../shared/search/query.ts';
import type { PublicServices } from '../services.ts';
import { digestContent, paperContent } from './feeds-view.tsx';

const latestDigests = 14;
const latestPapers = 50;
/** Seconds. New digests come once a day, new papers once an hour. */
const maxAge = 900;

/** Feeds of the daily digests, or with `?q=` of a search: the newest papers that have all of its words. */
export function mountFeeds(app: Hono, services: PublicServices): void {
  async function answer(c: Context, type: string, write: (feed: Feed) => string): Promise<Response> {
    const q = (c.req.query('q') ?? '').trim();
    const feed = q === '' ? await feedOfDigests(services) : await feedOfSearch(services, q);
    return answerConditionally(c, { body: write(feed), type });
  }

  app.get('/feed.atom', publicFor(maxAge, maxAge), c => answer(c, 'application/atom+xml; charset=utf-8', atomFeed));
  app.get('/feed.json', publicFor(maxAge, maxAge), c => answer(c, 'application/feed+json; charset=utf-8', jsonFeed));
}

async function feedOfDigests(services: PublicServices): Promise<Feed> {
  const { publicUrl } = services;
  const listed = await services.digests.latest('daily', latestDigests);
  const digests = await Promise.all(listed.map(({ id }) => orNamed(services.digests.get(id))));
  const entries = digests
    .filter(digest => digest !== undefined)
    .map((digest: Digest): FeedEntry => {
      const { id, subject, publishedAt } = digest;
      return {
        id: tagUri(publicUrl, `digest/${id}`),
        title: subject,
        url: `${publicUrl}/digests/${id}`,
        published: publishedAt,
        updated: publishedAt,
        authors: [],
        html: digestContent(digest),
        tags: [],
      };
    });
  return makeFeed(publicUrl, { name: 'digests', title: 'Daily Papers', path: '/', suffix: '', entries });
}

/** @throws Problem when the query can't be understood */
async function feedOfSearch(services: PublicServices, q: string): Promise<Feed> {
  const { publicUrl } = services;
  const { papers } = await services.searcher.search(q, { limit: latestPapers, order: 'newest' }).catch(error => {
    throw error instanceof QueryError ? new Problem('invalid-input', error.message) : error;
  });
  const entries = papers.map((paper: Paper): FeedEntry => {
    // The news of a search feed is that a paper is listed, so its time is the start of its day.
    const published = opensAt(paper.day);
    return {
      id: tagUri(publicUrl, `paper/${paper.id}`),
      title: titleOf(paper),
      url: paperPageUrl(publicUrl, paper.id),
      published,
      updated: Math.max(published, Date.parse(paper.updatedAt ?? '') || 0),
      authors: authorsOf(paper),
      html: paperContent(paper),
      tags: paper.categories,
    };
  });
  const suffix = `?q=${encodeURIComponent(q)}`;
  const title = `${q} · Daily Papers`;
  return makeFeed(publicUrl, { name: `search/${encodeURIComponent(q)}`, title, path: '/search', suffix, entries });
}

function makeFeed(
  publicUrl: string,
  { name, title, path, suffix, entries }: Record<'name' | 'title' | 'path' | 'suffix', string> & Pick<Feed, 'entries'>,
): Feed {
  return {
    id: tagUri(publicUrl, name),
    title,
    pageUrl: `${publicUrl}${path}${suffix}`,
    atomUrl: `${publicUrl}/feed.atom${suffix}`,
    jsonUrl: `${publicUrl}/feed.json${suffix}`,
    updated: Math.max(0, ...entries.map(entry => entry.updated)),
    entries,
  };
}
