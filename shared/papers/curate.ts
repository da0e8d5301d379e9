import { DamagedItemError } from '../platform/damaged.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { featuredDay } from '../time/day.ts';
import type { StoredPaper } from './items.ts';
import type { Provenance } from './merge.ts';
import type { Paper } from './paper.ts';
import type { PaperRepository } from './repository.ts';

/** A curator's decision about a stored paper; null removes a pin. */
export interface Decision {
  hidden?: boolean | undefined;
  pinnedDay?: string | null | undefined;
}

type Store = Pick<PaperRepository, 'getStored' | 'put' | 'putDeleted'>;

const mostRounds = 20;

/**
 * Hides or shows a paper, or pins it to a day. Repeating a decision changes nothing.
 * @returns the paper as it is now; undefined when there is none
 */
export async function decide(repository: Store, id: string, decision: Decision): Promise<Paper | undefined> {
  return retryOvertaken(`Paper ${id}`, mostRounds, async () => {
    const stored = await presentPaper(repository, id);
    if (!stored) return undefined;
    const { hidden = stored.paper.hidden ?? false, pinnedDay = stored.paper.pinnedDay ?? null } = decision;
    const { hidden: wasHidden, pinnedDay: wasPinned, ...fields } = stored.paper;
    const paper: Paper = { ...fields, ...(hidden && { hidden }), ...(pinnedDay !== null && { pinnedDay }) };
    const isSame = hidden === (wasHidden ?? false) && pinnedDay === (wasPinned ?? null);
    return isSame || (await repository.put({ ...stored, paper })) ? paper : overtaken;
  });
}

/**
 * Accepts a submission: the paper is listed on the day that is open now, as if a curator had chosen it. Repeating this
 * changes nothing. A paper that a curator rejected can be accepted only by a curator.
 * @param now epoch milliseconds
 * @returns the paper as it is now, and whether this call listed it; undefined when there is none
 */
export async function acceptSubmission(
  repository: Pick<Store, 'getStored' | 'put'>,
  id: string,
  now: number,
  by: 'curator' | 'subscribers',
): Promise<{ paper: Paper; isNews: boolean } | undefined> {
  return retryOvertaken(`Paper ${id}`, mostRounds, async () => {
    const stored = await presentPaper(repository, id);
    if (!stored) return undefined;
    const { submission, ...fields } = stored.paper;
    if (submission === undefined || (submission === 'rejected' && by === 'subscribers')) {
      return { paper: stored.paper, isNews: false };
    }
    const paper: Paper = { ...fields, day: featuredDay(now) };
    const provenance: Provenance = { ...stored.provenance, day: { source: 'curator', readAt: now } };
    return (await repository.put({ ...stored, paper, provenance })) ? { paper, isNews: true } : overtaken;
  });
}

/**
 * Rejects a submission: the paper is listed only if a source features it, or a curator accepts it. @returns false when
 * there is no submission
 */
export async function rejectSubmission(repository: Pick<Store, 'getStored' | 'put'>, id: string): Promise<boolean> {
  return retryOvertaken(`Paper ${id}`, mostRounds, async () => {
    const stored = await presentPaper(repository, id);
    if (stored?.paper.submission === undefined) return false;
    const paper: Paper = { ...stored.paper, submission: 'rejected' };
    const isSame = stored.paper.submission === 'rejected';
    return isSame || (await repository.put({ ...stored, paper })) ? true : overtaken;
  });
}

/** Deletes a paper permanently: its source does not bring it back. @returns false when there is none */
export async function deletePaper(repository: Store, id: string, now: number): Promise<boolean> {
  return retryOvertaken(`Paper ${id}`, mostRounds, async () => {
    const revision = await presentRevision(repository, id);
    if (revision === 0) return false;
    return (await repository.putDeleted(id, { deletedAt: now, revision })) ? true : overtaken;
  });
}

async function presentPaper(repository: Pick<Store, 'getStored'>, id: string): Promise<StoredPaper | undefined> {
  const stored = await repository.getStored(id);
  return stored && stored.deletedAt === undefined ? stored : undefined;
}

/** The revision of a paper, also of one that can't be read; 0 when there is none. */
async function presentRevision(repository: Pick<Store, 'getStored'>, id: string): Promise<number> {
  try {
    return (await presentPaper(repository, id))?.revision ?? 0;
  } catch (error) {
    if (!(error instanceof DamagedItemError)) throw error;
    return error.revision;
  }
}
