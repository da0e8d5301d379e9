import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { voterOf } from '../../../shared/subscribers/keys.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { type Submission, submissionOf, submit } from '../../../shared/votes/submission.ts';
import type { PublicServices } from '../services.ts';

export type SubmitResult =
  /** `decided`: the paper was listed or rejected already, and nothing was changed. */
  | { paperId: string; submission: Submission; decided: boolean }
  | { fault: 'no arXiv id'; message: string }
  /** `wait`: milliseconds */
  | { fault: 'too often'; message: string; wait: number };

const day = 86_400_000;

/** Submits an arXiv paper for an active subscriber. A repeated call changes nothing. @param typed its id or address */
export async function submitTyped(
  services: Pick<PublicServices, 'papers' | 'votes' | 'submissions' | 'subscriptions' | 'limits' | 'now'>,
  { subscriber, typed }: { subscriber: Subscriber; typed: string },
): Promise<SubmitResult> {
  const { papers, votes, submissions, limits } = services;
  const { subscribers, publishEvents, keys } = services.subscriptions;
  const voter = voterOf(keys, subscriber);
  const paperId = parseArxivId(typed)?.id;
  if (paperId === undefined) {
    return { fault: 'no arXiv id', message: `"${typed}" is no arXiv id such as 2403.08540 or math/0211159.` };
  }
  const known = await submissionOf(services, paperId);
  if (known?.status === 'listed' || known?.status === 'rejected') return { paperId, submission: known, decided: true };
  const limit = {
    name: 'submissions-by-subscriber',
    most: limits.community.submissionsDay,
    windowMilliseconds: day,
  };
  const wait = await limits.take(limit, voter, services.now());
  if (wait !== undefined) {
    return { fault: 'too often', message: 'You submitted enough for today. Go on tomorrow.', wait };
  }
  const stores = { papers, votes, subscribers, submissions, publishEvents };
  const submission = await submit(stores, { subscriberId: subscriber.id, voter, paperId }, services.now());
  return { paperId, submission, decided: false };
}
