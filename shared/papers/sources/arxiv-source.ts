import { addDays, daySchema, newYorkTime, weekdayOf } from '../../time/day.ts';
import { parseArxiv } from './arxiv.ts';
import type { FetchText } from './fetch-text.ts';
import { noteIncomplete, type Source, SourceError, type SourceReading } from './source.ts';
import type { InTurn } from './turns.ts';

export interface ArxivOptions {
  /** `https://export.arxiv.org` */
  apiUrl: string;
  /** `https://rss.arxiv.org` */
  feedUrl: string;
  /** The categories whose papers are taken in: `cs.AI`. */
  categories: readonly string[];
  /** Must try only once: a retry takes a turn of its own. */
  fetchText: FetchText;
  inTurn: InTurn;
  now: () => number;
}

export interface ArxivSource extends Source {
  /**
   * Looks papers up. They get `day` unless another source has given them one. Ids that arXiv doesn't know are missing.
   */
  readIds(ids: readonly string[], day: string): Promise<SourceReading>;
}

const atom = 'application/atom+xml';
const idsPerRequest = 100;
/** arXiv allows 2,000, and asks for far fewer. */
const papersPerRequest = 500;
/** Enough for a day of all of arXiv, which has some 1,500 papers. */
const mostPages = 10;
const attempts = 3;

/** arXiv's daily feed for the day of the last announcement, and its query API for earlier days and single papers. */
export function createArxivSource(options: ArxivOptions): ArxivSource {
  const { apiUrl, feedUrl, categories, fetchText, inTurn, now } = options;

  /**
   * One page. A failure that may pass is retried in a turn of its own; a 429 is not, and closes the turns for 10
   * minutes.
   */
  async function ask(url: string, day: string): Promise<SourceReading> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return parseArxiv(await inTurn(() => fetchText(url, atom)), day);
      } catch (error) {
        const again = error instanceof SourceError && error.mayPass && error.status !== 429;
        if (!again || attempt >= attempts) throw error;
      }
    }
  }

  async function readAnnounced(day: string): Promise<SourceReading> {
    const window = submittedFor(day);
    const reading: SourceReading = { papers: [], rejected: [] };
    if (!window) return reading;
    for (let page = 0; page < mostPages; page += 1) {
      const url = new URL('/api/query', apiUrl);
      const of = categories.map(category => `cat:${category}`).join(' OR ');
      url.search = new URLSearchParams({
        search_query: `(${of}) AND submittedDate:[${window.from} TO ${window.to}]`,
        start: String(page * papersPerRequest),
        max_results: String(papersPerRequest),
        sortBy: 'submittedDate',
        sortOrder: 'ascending',
      }).toString();
      const { papers, rejected, incomplete = [] } = await ask(url.href, day);
      reading.papers.push(...papers);
      reading.rejected.push(...rejected);
      for (const { entry, reason } of incomplete) noteIncomplete(reading, entry, [reason]);
      if (papers.length + rejected.length < papersPerRequest) return reading;
    }
    throw new SourceError(`arXiv's papers of ${day} do not end after ${mostPages * papersPerRequest}.`);
  }

  return {
    name: 'arxiv',

    async read(day) {
      if (!daySchema.safeParse(day).success) throw new SourceError('arXiv is read by the day, not by week or month.');
      if (categories.length === 0) {
        throw new SourceError('No arXiv categories are configured: set ARXIV_CATEGORIES (setting arxivCategories).');
      }
      // The feed holds the last announcement. In the evening in New York this is already the next day's.
      if (day < addDays(newYorkTime(now()).day, -1)) return readAnnounced(day);
      return ask(new URL(`/atom/${categories.join('+')}`, feedUrl).href, day);
    },

    async readIds(ids, day) {
      const all: SourceReading = { papers: [], rejected: [] };
      for (let start = 0; start < ids.length; start += idsPerRequest) {
        const asked = ids.slice(start, start + idsPerRequest);
        const url = new URL('/api/query', apiUrl);
        url.search = new URLSearchParams({ id_list: asked.join(','), max_results: String(asked.length) }).toString();
        const reading = await ask(url.href, day);
        all.papers.push(...reading.papers);
        all.rejected.push(...reading.rejected);
        for (const { entry, reason } of reading.incomplete ?? []) noteIncomplete(all, entry, [reason]);
      }
      return all;
    },
  };
}

/**
 * The time in which the papers of an announcement were submitted, as the query API expects it (GMT): between two
 * deadlines, 14:00 in New York on working days (https://info.arxiv.org/help/availability.html). Holidays are not
 * counted: their papers get the day of a usual week.
 * @param day the day that a listing names, the one after the evening of its announcement
 * @returns undefined for weekends, which have no listing
 */
export function submittedFor(day: string): { from: string; to: string } | undefined {
  const weekday = weekdayOf(day);
  if (weekday === 0 || weekday === 6) return undefined;
  const [from, to] = weekday === 1 ? [-4, -3] : weekday === 2 ? [-4, -1] : [-2, -1];
  return { from: deadline(addDays(day, from)), to: deadline(addDays(day, to)) };
}

/** In GMT: `202611231900`. */
function deadline(day: string): string {
  // 14:00 in New York is 18:00 or 19:00 GMT, on the same day.
  const hour = newYorkTime(Date.parse(`${day}T18:00:00Z`)).hour === 14 ? '18' : '19';
  return `${day.replaceAll('-', '')}${hour}00`;
}
