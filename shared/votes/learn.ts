import { profileOf } from '../digests/profile.ts';
import { tasteOf } from '../digests/taste.ts';
import type { PaperRepository } from '../papers/repository.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { MarkedPaper, VoteRepository } from './repository.ts';

export interface LearnServices {
  votes: Pick<VoteRepository, 'listMarked'>;
  papers: Pick<PaperRepository, 'getListed'>;
  subscribers: Pick<SubscriberRepository, 'get' | 'putTaste'>;
}

/** The newest votes that a taste is learned from: their papers are one call. */
const mostVotes = 100;
const mostRounds = 20;

const namesOf = (marked: readonly MarkedPaper[]) => marked.map(({ paperId }) => paperId).join(' ');

/**
 * Learns a subscriber's taste anew from the votes that they have now. If these change meanwhile, then again: of two who
 * learn at once, the one who writes last has seen the votes of both.
 */
export async function learnTaste({ votes, papers, subscribers }: LearnServices, subscriberId: string): Promise<void> {
  let marked = await votes.listMarked('vote', subscriberId);
  for (let round = 0; round < mostRounds; round += 1) {
    const ids = marked.slice(0, mostVotes).map(({ paperId }) => paperId);
    const voted = await papers.getListed(ids);
    await subscribers.putTaste(
      subscriberId,
      tasteOf(voted.map(paper => ({ id: paper.id, profile: profileOf(paper) }))),
    );
    const now = await votes.listMarked('vote', subscriberId);
    if (namesOf(now) === namesOf(marked)) break;
    marked = now;
  }
  // Whoever was erased meanwhile leaves no taste.
  if (!(await subscribers.get(subscriberId))) await subscribers.putTaste(subscriberId, []);
}
