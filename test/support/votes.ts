import { lookUp } from '../../shared/platform/lookups.ts';
import type { Mark, VoteRepository } from '../../shared/votes/repository.ts';

/** Whether a subscriber voted for a paper, submitted or saved it. */
export async function isMarked(
  votes: Pick<VoteRepository, 'lookupMark'>,
  mark: Mark,
  subscriberId: string,
  paperId: string,
): Promise<boolean> {
  const [marked] = await lookUp([votes.lookupMark(mark, subscriberId, paperId)]);
  return marked !== undefined;
}
