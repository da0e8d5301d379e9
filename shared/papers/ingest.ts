import type { DomainEvent, PublishEvents } from '../events/events.ts';
import { eachSideBySide } from '../platform/concurrency.ts';
import { DamagedItemError } from '../platform/damaged.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { asSourced, isSamePaper, mergePapers } from './merge.ts';
import { isListed, type Paper } from './paper.ts';
import { admitPaper } from './read-paper.ts';
import type { PaperRepository } from './repository.ts';
import { beginningOf, type RejectedEntry, type SourceReading } from './sources/source.ts';

export interface IngestServices {
  repository: Pick<PaperRepository, 'getStored' | 'put'>;
  publishEvents: PublishEvents;
  /** Epoch milliseconds. */
  now: () => number;
  /** Called for each paper as it stands in the table, also when nothing changed. */
  onStored?: (paper: Paper) => void;
}

/** `read = stored + unchanged + rejected.length`. Incomplete papers count as stored or unchanged. */
export interface IngestResult {
  /** Entries that the source gave, rejected ones included. */
  read: number;
  /** Papers that are new or were changed. */
  stored: number;
  unchanged: number;
  rejected: RejectedEntry[];
  /** Papers that were accepted without an odd field, each with the fields it lost. */
  incomplete?: RejectedEntry[];
}

const papersAtOnce = 16;
/** A lost race means that another run succeeded. So more rounds than parallel runs are never needed. */
const mostRounds = 20;

/**
 * Stores the papers of a reading. Storing the same reading again, or twice in parallel, changes nothing. Newly listed
 * papers are announced as `paper.ingested`, once all are stored.
 * @throws AggregateError when papers could not be stored; the others are stored and announced
 */
export async function ingestReading(reading: SourceReading, services: IngestServices): Promise<IngestResult> {
  const readAt = services.now();
  const rejected = [...reading.rejected];
  const incomplete = [...(reading.incomplete ?? [])];
  const counts = { new: 0, changed: 0, unchanged: 0 };
  const events: DomainEvent[] = [];
  const failures: unknown[] = [];

  const known = new Set(reading.updates);
  await eachSideBySide([...reading.papers, ...known], papersAtOnce, async read => {
    try {
      const admitted = admitPaper({ ...read });
      if ('reason' in admitted) {
        rejected.push({ entry: nameOf(read), reason: admitted.reason });
        return;
      }
      const { outcome, paper, isNews } = await store(admitted.paper, readAt, known.has(read), services.repository);
      if (admitted.lost.length > 0) incomplete.push({ entry: nameOf(read), reason: admitted.lost.join('; ') });
      counts[outcome] += 1;
      if (paper) services.onStored?.(paper);
      if (paper && isNews) {
        const source = paper.sources[0] as (typeof paper.sources)[number];
        events.push({ type: 'paper.ingested', detail: { paperId: paper.id, day: paper.day, source } });
      }
    } catch (error) {
      // A damaged stored item affects only its paper. A failed write fails the run.
      if (error instanceof DamagedItemError) rejected.push({ entry: nameOf(read), reason: error.message });
      else failures.push(error);
    }
  });

  if (events.length > 0) await services.publishEvents(events);
  if (failures.length > 0) {
    throw new AggregateError(failures, `${failures.length} papers could not be stored: ${messageOf(failures[0])}`);
  }
  return {
    read: reading.papers.length + known.size + reading.rejected.length,
    stored: counts.new + counts.changed,
    unchanged: counts.unchanged,
    rejected,
    ...(incomplete.length > 0 && { incomplete }),
  };
}

/** @param onlyKnown whether a paper that is not stored yet is left out */
async function store(
  read: Paper,
  readAt: number,
  onlyKnown: boolean,
  repository: IngestServices['repository'],
): Promise<{ outcome: 'new' | 'changed' | 'unchanged'; paper?: Paper; isNews?: boolean }> {
  const reading = asSourced(read, readAt);
  return retryOvertaken(`Paper ${read.id}`, mostRounds, async () => {
    const present = await storedUnder(read, repository);
    const revision = present?.revision ?? 0;
    if (!present || present.deletedAt !== undefined) {
      // A paper that a curator deleted is brought back only by a curator.
      if (onlyKnown || (present && !isCurated(read))) return { outcome: 'unchanged' };
      if (await repository.put({ ...reading, revision, readAt }))
        return { outcome: 'new', paper: read, isNews: isListed(read) };
      return overtaken;
    }
    const merged = mergePapers(present, reading);
    // A source that features the paper makes acceptance needless. A mere update or look-up of the paper does not.
    if (!onlyKnown && read.submission === undefined) delete merged.paper.submission;
    if (isSamePaper(merged, present)) return { outcome: 'unchanged', paper: merged.paper };
    const next = { ...merged, revision, readAt: Math.max(readAt, present.readAt) };
    const isNews = present.paper.submission !== undefined && isListed(merged.paper);
    return (await repository.put(next)) ? { outcome: 'changed', paper: merged.paper, isNews } : overtaken;
  });
}

/**
 * The item under a paper's id. For a curator's paper a damaged item counts as deleted, so that the curator can replace
 * it.
 */
async function storedUnder(read: Paper, repository: IngestServices['repository']) {
  try {
    return await repository.getStored(read.id);
  } catch (error) {
    if (!(error instanceof DamagedItemError && isCurated(read))) throw error;
    return { deletedAt: 0, revision: error.revision };
  }
}

function isCurated({ sources }: Paper): boolean {
  return sources.includes('curator');
}

function nameOf(read: Paper): string {
  return beginningOf(String(read.id ?? read.title));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
