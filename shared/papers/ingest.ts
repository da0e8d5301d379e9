import { isDeepStrictEqual } from 'node:util';
import type { DomainEvent, PublishEvents } from '../events/events.ts';
import { type Paper, paperSchema, sourceNames } from './paper.ts';
import type { PaperRepository } from './repository.ts';
import { beginningOf, type RejectedEntry, reasonOf, type SourceReading } from './sources/source.ts';

export interface IngestServices {
  repository: Pick<PaperRepository, 'getStored' | 'put'>;
  publishEvents: PublishEvents;
  /** Epoch milliseconds. */
  now: () => number;
}

/** `read = stored + unchanged + rejected.length`. */
export interface IngestResult {
  /** Entries that the source gave, good or not. */
  read: number;
  /** Papers that are new, or that the reading changed. */
  stored: number;
  unchanged: number;
  rejected: RejectedEntry[];
}

const papersAtOnce = 16;
/** Each lost race means that another run got through, so more rounds than there may be runs at once are never needed. */
const mostRounds = 20;

/**
 * Stores what was read from a source. Doing it again, or twice at once, changes nothing. New papers are announced as
 * `paper.ingested`, once all are stored.
 * @throws AggregateError when papers could not be stored; the others are, and are announced
 */
export async function ingestReading(reading: SourceReading, services: IngestServices): Promise<IngestResult> {
  const readAt = services.now();
  const rejected = [...reading.rejected];
  const counts = { new: 0, changed: 0, unchanged: 0 };
  const events: DomainEvent[] = [];
  const failures: unknown[] = [];

  await eachOf(reading.papers, async read => {
    try {
      const parsed = paperSchema.safeParse(read);
      if (!parsed.success) {
        rejected.push({ entry: nameOf(read), reason: reasonOf(parsed.error) });
        return;
      }
      const { outcome, paper } = await store(parsed.data, readAt, services.repository);
      counts[outcome] += 1;
      if (outcome === 'new') {
        const source = paper.sources[0] as (typeof paper.sources)[number];
        events.push({ type: 'paper.ingested', detail: { paperId: paper.id, day: paper.day, source } });
      }
    } catch (error) {
      failures.push(error);
    }
  });

  if (events.length > 0) await services.publishEvents(events);
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} papers could not be stored: ${messageOf(failures[0])}`);
  }
  return {
    read: reading.papers.length + reading.rejected.length,
    stored: counts.new + counts.changed,
    unchanged: counts.unchanged,
    rejected,
  };
}

async function store(
  read: Paper,
  readAt: number,
  repository: IngestServices['repository'],
): Promise<{ outcome: 'new' | 'changed' | 'unchanged'; paper: Paper }> {
  for (let round = 0; round < mostRounds; round += 1) {
    const present = await repository.getStored(read.id);
    if (!present) {
      if (await repository.put({ paper: read, revision: 0, readAt })) return { outcome: 'new', paper: read };
      continue;
    }
    const paper = readAt >= present.readAt ? mergePapers(present.paper, read) : mergePapers(read, present.paper);
    if (isDeepStrictEqual(paper, present.paper)) return { outcome: 'unchanged', paper };
    const next = { paper, revision: present.revision, readAt: Math.max(readAt, present.readAt) };
    if (await repository.put(next)) return { outcome: 'changed', paper };
  }
  throw new Error(`Paper ${read.id} was written by others ${mostRounds} times while it was merged.`);
}

/**
 * One paper out of two readings of it: the newer one's fields, such as its votes, and those of the older one that the
 * newer one lacks. Its day stays the first one.
 */
export function mergePapers(older: Paper, newer: Paper): Paper {
  const present = Object.entries(newer).filter(([, value]) => !isMissing(value));
  const [day = newer.day] = [older.day, newer.day].sort();
  return {
    ...older,
    ...Object.fromEntries(present),
    day,
    sources: sourceNames.filter(name => older.sources.includes(name) || newer.sources.includes(name)),
  };
}

function isMissing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

function nameOf(read: Paper): string {
  return beginningOf(String(read.id ?? read.title));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs a few at a time, so that DynamoDB and the memory are not flooded by a large reading. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: papersAtOnce }, worker));
}
