import { eachSideBySide } from '../platform/concurrency.ts';
import { DamagedItemError } from '../platform/damaged.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import type { ItemKey, ScanPage } from '../platform/scan.ts';
import type { PaperRepository } from './repository.ts';

/** The outcome of a page. A paper that was deleted or stored meanwhile counts as looked at alone. */
export interface Renewed {
  /** Papers that were looked at. */
  papers: number;
  /** Papers whose texts were worked out and stored anew. */
  renewed: number;
  /** Papers that can't be read. */
  damaged: { id: string; reason: string }[];
  /** Missing: this was the last page of the part. */
  next?: ItemKey;
}

const papersAtOnce = 16;
const mostRounds = 20;

/**
 * Works out anew the texts of a page of stored papers, where they are of older rules, damaged or missing. Running it again
 * changes nothing. A paper that another process writes meanwhile is read again, and has its texts by that write.
 */
export async function renewTexts(
  repository: Pick<PaperRepository, 'scanTexts' | 'getStored' | 'put'>,
  page: ScanPage,
): Promise<Renewed> {
  const { papers, next } = await repository.scanTexts(page);
  const outcome: Renewed = { papers: papers.length, renewed: 0, damaged: [], ...(next && { next }) };
  const outdated = papers.filter(({ isCurrent }) => !isCurrent);
  await eachSideBySide(outdated, papersAtOnce, async ({ id }) => {
    try {
      if (await renew(repository, id)) outcome.renewed += 1;
    } catch (error) {
      if (!(error instanceof DamagedItemError)) throw error;
      outcome.damaged.push({ id, reason: error.reason });
    }
  });
  outcome.damaged.sort((a, b) => (a.id < b.id ? -1 : 1));
  return outcome;
}

/** @returns whether this call stored the texts */
async function renew(repository: Pick<PaperRepository, 'getStored' | 'put'>, id: string): Promise<boolean> {
  return retryOvertaken(`Paper ${id}`, mostRounds, async () => {
    const stored = await repository.getStored(id);
    if (!stored || stored.deletedAt !== undefined || stored.paper.shown) return false;
    return (await repository.put(stored)) ? true : overtaken;
  });
}
