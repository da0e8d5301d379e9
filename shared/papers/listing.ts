import * as z from 'zod';
import { cursorOf } from '../platform/cursor.ts';
import { addDays, featuredDay } from '../time/day.ts';
import { daysOfMonth, daysOfWeek } from '../time/period.ts';
import type { ListedPaper, Paper } from './paper.ts';
import { comparePlaces, type Ranked, rankPapers, type Sort } from './rank.ts';
import type { PaperRepository } from './repository.ts';
import { closesAt } from './score.ts';
import type { Snapshots } from './snapshots.ts';

export interface DayServices {
  papers: Pick<PaperRepository, 'listByDay'>;
  snapshots: Pick<Snapshots, 'historyOf'>;
}

export interface ListingServices extends DayServices {
  papers: Pick<PaperRepository, 'getListed' | 'listByDay' | 'listPlacesByDay' | 'listAll'>;
}

/** The period of a list: one of these, or none for all papers. */
export interface Period {
  date?: string | undefined;
  week?: string | undefined;
  month?: string | undefined;
}

/**
 * The list of all papers by trend ranks the papers of these newest days, each of which is a query, and the older papers
 * with the most upvotes. For any other paper, gravity divides the score by over 500 (docs/decisions/0029).
 */
const recentDays = 31;
const greatPapers = 100;

export interface PageAsked {
  sort: Sort;
  limit: number;
  /** The `nextCursor` of the page before. */
  cursor?: string | undefined;
}

export interface ListPage {
  papers: Paper[];
  nextCursor?: string;
}

/**
 * The place of a page's last paper, and the list that it belongs to. Instants after the year 9999 can't be written as
 * days.
 */
const pageCursor = cursorOf(
  z.object({
    keys: z.array(z.number()).max(5),
    id: z.string(),
    at: z.int().min(0).max(Date.UTC(9999, 0)),
    sort: z.string(),
    period: z.string(),
  }),
);

/** Ranks the papers of one day. `at`: epoch milliseconds */
export async function rankDay(
  services: DayServices,
  date: string,
  at: number,
  sort: Sort = 'trending',
): Promise<Ranked<Paper>[]> {
  const [papers, history] = await Promise.all([
    services.papers.listByDay(date),
    services.snapshots.historyOf([date], at),
  ]);
  return rankPapers(papers, { at, history, pinnedFirst: true }, sort);
}

/** As `rankDay`, by the part of each paper that its place depends on. */
export async function rankPlacesOfDay(
  services: Pick<ListingServices, 'snapshots'> & { papers: Pick<PaperRepository, 'listPlacesByDay'> },
  date: string,
  at: number,
): Promise<Ranked<ListedPaper>[]> {
  const [papers, history] = await Promise.all([
    services.papers.listPlacesByDay(date),
    services.snapshots.historyOf([date], at),
  ]);
  return rankPapers(papers, { at, history, pinnedFirst: true });
}

/**
 * Ranks the papers of many days by the part of each that its place depends on: whole, the papers of a month are
 * megabytes, of which a page shows little.
 */
async function rankDays(
  services: ListingServices,
  days: readonly string[],
  at: number,
  sort: Sort,
  older: readonly ListedPaper[],
): Promise<Ranked<ListedPaper>[]> {
  const [papers, history] = await Promise.all([
    Promise.all(days.map(day => services.papers.listPlacesByDay(day))),
    services.snapshots.historyOf(days, at),
  ]);
  const others = older.filter(({ day }) => day < (days[0] as string));
  return rankPapers([...papers.flat(), ...others], { at, history, pinnedFirst: false }, sort);
}

/**
 * One page of a list. It begins after a place, not after a number of papers. So papers that are added, changed or
 * removed between two pages make no other paper come twice or be left out.
 * @returns undefined when the cursor belongs to another list
 */
export async function listPage(
  services: ListingServices,
  period: Period,
  { sort, limit, cursor }: PageAsked,
  now: number,
): Promise<ListPage | undefined> {
  const after = cursor === undefined ? undefined : pageCursor.read(cursor);
  if (cursor !== undefined && (after?.sort !== sort || after.period !== nameOf(period))) return undefined;
  // All pages are ranked at the instant of the first one.
  const at = after?.at ?? instantOf(period, now);
  const isOfAll = nameOf(period) === '';
  if (isOfAll && sort !== 'trending') {
    const { papers, last } = await services.papers.listAll(sort, limit, after?.id);
    const cursor = last && pageCursor.write({ keys: [], id: last, at, sort, period: '' });
    return { papers, ...(cursor && { nextCursor: cursor }) };
  }
  const pageOf = <P>(ranked: Ranked<P>[]) => {
    const rest = after ? ranked.filter(({ place }) => comparePlaces(place, after) > 0) : ranked;
    const page = rest.slice(0, limit);
    const last = rest.length > limit ? page.at(-1)?.place : undefined;
    return {
      papers: page.map(({ paper }) => paper),
      ...(last && { nextCursor: pageCursor.write({ ...last, at, sort, period: nameOf(period) }) }),
    };
  };
  if (period.date !== undefined) return pageOf(await rankDay(services, period.date, at, sort));
  const older = isOfAll ? (await services.papers.listAll('upvotes', greatPapers)).papers : [];
  const page = pageOf(await rankDays(services, daysOf(period, at), at, sort, older));
  return { ...page, papers: await wholePapers(services, page.papers) };
}

/** Reads the papers of a page. A paper that was hidden meanwhile, or is damaged, is left out. */
async function wholePapers({ papers }: ListingServices, page: readonly ListedPaper[]): Promise<Paper[]> {
  const ids = page.map(({ id }) => id);
  const listed = new Map((await papers.getListed(ids)).map(paper => [paper.id, paper]));
  return ids.flatMap(id => listed.get(id) ?? []);
}

/** The instant at which a list's papers are ranked: now, or the closing of its last day. */
export function instantOf(period: Period, now: number): number {
  const last = period.date ?? daysOf(period, now).at(-1);
  return last === undefined ? now : Math.min(now, closesAt(last));
}

function daysOf({ date, week, month }: Period, at: number): string[] {
  if (date !== undefined) return [date];
  if (week !== undefined) return daysOfWeek(week);
  if (month !== undefined) return daysOfMonth(month);
  // Sources may already feature papers for the next day.
  const newest = addDays(featuredDay(at), 1);
  return Array.from({ length: recentDays }, (_, back) => addDays(newest, -back)).reverse();
}

function nameOf({ date, week, month }: Period): string {
  return date ?? week ?? month ?? '';
}
