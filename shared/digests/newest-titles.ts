import { cutText } from '../papers/lead/cut.ts';
import { createCache } from '../platform/cache.ts';
import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import { day } from '../platform/durations.ts';
import { addDays } from '../time/day.ts';
import type { ArchiveKind } from './digest.ts';
import type { DigestRepository } from './repository.ts';

/** The titles of a digest's first papers, and its day. */
export interface NewestTitles {
  /** A daily's day, a weekly's last one. */
  date: string;
  /** Only of a weekly: its first day. */
  firstDate?: string;
  titles: string[];
}

/** Digests that are looked at: the newest may be stopped, damaged, or a note without papers. */
const looksBack = 5;
/** The newest may be this old (milliseconds): a daily for a long weekend, a weekly until a day after the next one is due. */
const newestFor: Record<ArchiveKind, number> = { daily: 4 * day, weekly: 8 * day };
const mostTitles = 3;
const titleCharacters = 160;

/** An address or a part of one: mail clients make a link of it. */
const addressLike = /:\/\/|@|[\p{L}\p{N}]\.\p{L}{2,}/u;

/**
 * The first titles of the newest digest of a kind that may be sent, for a mail to a person who is no reader yet. A digest that can't be read
 * costs itself. A title that looks like an address is left out: mail clients would make a link of it.
 * @param now epoch ms
 * @returns undefined when there is no such digest
 */
export async function newestTitles(
  digests: Pick<DigestRepository, 'latest' | 'get'>,
  now: number,
  kind: ArchiveKind = 'daily',
): Promise<NewestTitles | undefined> {
  const listed = (await digests.latest(kind, looksBack)).filter(
    ({ status, paperCount, publishedAt }) =>
      paperCount > 0 &&
      publishedAt > now - newestFor[kind] &&
      (status === 'ready' || status === 'finished' || status === 'expired'),
  );
  for (const { id, date } of listed) {
    const papers = await papersOf(digests, id);
    const titles = papers.map(({ title }) => title.replace(/\p{Cc}+/gu, ' ').trim()).filter(isPlain);
    if (titles.length === 0) continue;
    return {
      ...(kind === 'weekly' && { firstDate: addDays(date, -6) }),
      date,
      titles: titles.slice(0, mostTitles).map(title => cutText(title, titleCharacters)),
    };
  }
  return undefined;
}

/** The newest titles of a kind of digest. */
export type ReadTitles = (kind: ArchiveKind) => Promise<NewestTitles | undefined>;

/** Reads the newest titles of a kind when they are first asked for, and once: for messages that are worked on together. */
export function createTitleReader(digests: Pick<DigestRepository, 'latest' | 'get'>, now: () => number): ReadTitles {
  const cached = createCache<ArchiveKind, ReturnType<ReadTitles>>(2);
  return kind => cached(kind, () => newestTitles(digests, now(), kind));
}

const isPlain = (title: string) => title !== '' && !addressLike.test(title);

async function papersOf(digests: Pick<DigestRepository, 'get'>, id: string) {
  try {
    return (await digests.get(id))?.papers ?? [];
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    nameDamage(error);
    return [];
  }
}
