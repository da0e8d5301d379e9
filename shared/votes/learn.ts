import { profileOf } from '../digests/profile.ts';
import { tasteOf } from '../digests/taste.ts';
import type { PaperRepository } from '../papers/repository.ts';
import { lookUp } from '../platform/lookups.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { MarkedPaper, VoteRepository } from './repository.ts';

export interface LearnServices {
  votes: Pick<VoteRepository, 'listMarked'>;
  papers: Pick<PaperRepository, 'getListed'>;
  subscribers: Pick<SubscriberRepository, 'lookupPresence' | 'putTaste'>;
}

/** The number of newest marks of each kind that a taste is learned from: one call reads their papers. */
const mostVotes = 100;
const mostRounds = 20;

const namesOf = (marked: readonly MarkedPaper[]) => marked.map(({ paperId }) => paperId).join(' ');

/**
 * Learns a subscriber's taste from all their present votes, and from the papers like which they want less, and again if
 * these change meanwhile. So if two processes
 * learn at once, the last one to write has seen all votes.
 */
export async function learnTaste({ votes, papers, subscribers }: LearnServices, subscriberId: string): Promise<void> {
  const readMarks = () => Promise.all([votes.listMarked('vote', subscriberId), votes.listMarked('less', subscriberId)]);
  let marked = await readMarks();
  for (let round = 0; round < mostRounds; round += 1) {
    const [liked = [], unwanted = []] = await Promise.all(
      marked.map(async each => {
        const listed = await papers.getListed(each.slice(0, mostVotes).map(({ paperId }) => paperId));
        return listed.map(paper => ({ id: paper.id, profile: profileOf(paper) }));
      }),
    );
    await subscribers.putTaste(subscriberId, tasteOf(liked, unwanted));
    const now = await readMarks();
    if (now.map(namesOf).join('|') === marked.map(namesOf).join('|')) break;
    marked = now;
  }
  // If the subscriber was erased meanwhile, the taste is deleted.
  const [isThere] = await lookUp([subscribers.lookupPresence(subscriberId)]);
  if (!isThere) await subscribers.putTaste(subscriberId, []);
}

/**
 * Learns from a counted vote, and closes the note of the change. The event may come twice, late or in any order, as a
 * taste comes from the stored votes. If the event is lost, the note stays, and the hourly run learns the taste
 * (`completeVotes`).
 * @param change the name of the note
 */
export async function learnFromVote(
  services: LearnServices & { votes: Pick<VoteRepository, 'close'> },
  { subscriberId, change }: { subscriberId: string; change: string },
): Promise<void> {
  await learnTaste(services, subscriberId);
  await services.votes.close(change);
}
