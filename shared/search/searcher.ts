import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Paper } from '../papers/paper.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { parseArxivId } from '../papers/sources/arxiv-id.ts';
import { cursorOf } from '../platform/cursor.ts';
import { nameDamage } from '../platform/damaged.ts';
import { hour } from '../platform/durations.ts';
import { daySchema } from '../time/day.ts';
import { parseQuery, QueryError } from './query.ts';
import { type Found, type Order, searchSegments } from './search-segments.ts';
import { buildSegment, type Segment } from './segment.ts';
import { similarIn } from './similar.ts';
import type { SearchStore, StoredSegment } from './store.ts';

export interface SearcherServices {
  store: Pick<SearchStore, 'list' | 'load' | 'recent'>;
  papers: Pick<PaperRepository, 'getListed'>;
  /** Epoch milliseconds. */
  now: () => number;
}

export interface SearchResult {
  /** In the requested order. */
  papers: Paper[];
  /** Terms to mark in them. */
  terms: ReadonlySet<string>;
  /** Set if there are more. */
  nextCursor?: string;
}

export interface SearchAsked {
  /** Most papers. */
  limit: number;
  order?: Order | undefined;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
}

/** The last hit of a page, and the search that it belongs to. */
const searchCursor = cursorOf(
  z.object({ id: z.string(), day: daySchema, score: z.number(), words: z.number(), search: z.string() }),
);

/** A search's name in a cursor. A query itself may be as long as a cursor. */
function nameOf(text: string, order: Order): string {
  return createHash('sha256').update(`${order} ${text}`).digest('base64url').slice(0, 12);
}

/** A search finds a paper at the latest this long (milliseconds) after its ingestion. */
const freshFor = 30_000;
/**
 * Most recent papers that are searched beside the segments. Of a larger back-fill, the others are found after the next
 * run of the index.
 */
const mostRecent = 500;
/** More hits than asked for are read, as some papers may have been hidden since they were indexed. */
const spare = 10;
const mostRounds = 3;

/**
 * Keeps the index in this instance's memory: the first search loads it, later ones refresh it. Each search reads the
 * found papers from the store, so that a hidden paper disappears at once.
 */
export function createSearcher({ store, papers, now }: SearcherServices) {
  let loaded = new Map<string, { stored: StoredSegment; segment: Segment }>();
  let recent: { ids: string; segment: Segment } = { ids: '', segment: buildSegment([]) };
  let checkedAt = Number.NEGATIVE_INFINITY;
  /** One refresh at a time: parallel searches wait for the same one. */
  let refreshing: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const at = now();
    for (let round = 0; round < mostRounds; round += 1) {
      const listed = await store.list();
      const isLast = round === mostRounds - 1;
      const next = await Promise.all(
        listed.map(async stored => {
          const known = loaded.get(stored.month);
          if (known?.stored.builtAt === stored.builtAt) return known;
          const segment = await store.load(stored);
          if (segment || !isLast) return segment && { stored, segment };
          // One month whose parts are gone must not cost the search of all others.
          nameDamage({ kind: 'segment of the index', key: stored.month, reason: 'a part is missing' });
          return known ?? { stored: { ...stored, builtAt: 0 }, segment: buildSegment([]) };
        }),
      );
      if (next.some(one => one === undefined)) continue;
      loaded = new Map(next.flatMap(one => (one ? [[one.stored.month, one] as const] : [])));
      await refreshRecent(listed, at);
      checkedAt = at;
      return;
    }
  }

  async function refreshRecent(listed: readonly StoredSegment[], at: number): Promise<void> {
    const builtAt = new Map(listed.map(stored => [stored.month, stored.builtAt]));
    // Papers older than three days are in the segments, or will be after the index's first run.
    const found = await store.recent(at - 3 * 24 * hour);
    const missing = found.filter(({ day, at: ingested }) => ingested >= (builtAt.get(day.slice(0, 7)) ?? 0));
    const ids = [...new Set(missing.map(({ id }) => id))].slice(-mostRecent);
    const name = ids.join(' ');
    if (name !== recent.ids) recent = { ids: name, segment: buildSegment(await papers.getListed(ids)) };
  }

  /** The segments in memory, after a refresh if they are no longer fresh. */
  async function currentSegments(): Promise<Segment[]> {
    if (now() - checkedAt >= freshFor) {
      refreshing ??= refresh().finally(() => {
        refreshing = undefined;
      });
      // An index that is a little old is better than none.
      await refreshing.catch(error => {
        if (checkedAt === Number.NEGATIVE_INFINITY) throw error;
      });
    }
    return [recent.segment, ...[...loaded.values()].map(one => one.segment)];
  }

  return {
    /**
     * A page of the papers for a query, in the order asked for. For an arXiv id or address: that paper, if it is listed.
     * A page begins after a hit, not after a number of papers. While the index changes between two pages, the scores do
     * too: a paper may then come twice or be left out.
     * @throws QueryError for a query that can't be understood, and for the cursor of another search
     */
    async search(text: string, { limit, order = 'best', cursor }: SearchAsked): Promise<SearchResult> {
      const name = nameOf(text, order);
      const after = cursor === undefined ? undefined : searchCursor.read(cursor);
      if (cursor !== undefined && after?.search !== name) {
        throw new QueryError('The cursor belongs to another search: begin again without it.');
      }
      const arxiv = parseArxivId(text);
      if (arxiv) return { papers: await papers.getListed([arxiv.id]), terms: new Set() };
      const query = parseQuery(text);
      const segments = await currentSegments();
      const { hits, terms }: Found = searchSegments(segments, query, limit + spare, order, after);
      const found = new Map((await papers.getListed(hits.map(({ id }) => id))).map(paper => [paper.id, paper]));
      const page = hits.filter(({ id }) => found.has(id)).slice(0, limit);
      const last = page.at(-1);
      const more = last && hits.length > hits.indexOf(last) + 1;
      return {
        papers: page.flatMap(({ id }) => found.get(id) ?? []),
        terms,
        ...(more && { nextCursor: searchCursor.write({ ...last, search: name }) }),
      };
    },

    /** The papers of the index that are most like one, the likest first. */
    async similar(paper: Paper, limit: number): Promise<Paper[]> {
      const ids = similarIn(await currentSegments(), paper, limit + spare);
      const found = new Map((await papers.getListed(ids)).map(one => [one.id, one]));
      return ids.flatMap(id => found.get(id) ?? []).slice(0, limit);
    },
  };
}

export type Searcher = ReturnType<typeof createSearcher>;
