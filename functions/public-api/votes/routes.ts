import type { Hono } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import type { TokenGrant } from '../../../shared/subscribers/tokens.ts';
import type { Mark } from '../../../shared/votes/repository.ts';
import { mountForGrant, mountForSubscriber, requireSubscriber } from '../bearer.ts';
import { presentPaper } from '../papers/routes.ts';
import type { PublicServices } from '../services.ts';
import { requireActive, tokenServices } from '../token-services.ts';
import { listSaved, savePaper, takeUpvoteBack, unsavePaper, upvote, wantLess, wantLessTakenBack } from './contract.ts';
import { readStanding, setMark } from './mark.ts';
import { savedPage } from './saved.ts';

/** The routes by which the subscriber of a manage token votes and saves. */
export function mountCommunity(app: Hono, services: PublicServices): void {
  const byToken = tokenServices(services);

  async function act(mark: Mark, grant: TokenGrant, paperId: string, marked: boolean): Promise<Paper> {
    const standing = await readStanding(services, { mark, subscriberId: grant.subscriberId, paperId });
    const subscriber = requireSubscriber(byToken, grant, standing.subscriber);
    requireActive(subscriber);
    const result = await setMark(services, { ...standing, mark, subscriber, marked });
    if ('paper' in result) return result.paper;
    if (result.fault === 'unknown paper') throw new Problem('not-found', 'There is no paper with this id.');
    throw new Problem('too-many-requests', 'You voted and saved too often. Try again later.', undefined, {
      'Retry-After': String(Math.ceil(result.wait / 1000)),
    });
  }

  for (const [route, upvoted] of [[upvote, true] as const, [takeUpvoteBack, false] as const]) {
    mountForGrant(app, byToken, route, async ({ grant, params }) => {
      const { votes = 0, upvotes } = await act('vote', grant, params.id, upvoted);
      return { answer: { paperId: params.id, upvoted, votes, upvotes } };
    });
  }

  for (const [route, saved] of [[savePaper, true] as const, [unsavePaper, false] as const]) {
    mountForGrant(app, byToken, route, async ({ grant, params }) => {
      await act('save', grant, params.id, saved);
      return { answer: { paperId: params.id, saved } };
    });
  }

  for (const [route, less] of [[wantLess, true] as const, [wantLessTakenBack, false] as const]) {
    mountForGrant(app, byToken, route, async ({ grant, params }) => {
      await act('less', grant, params.id, less);
      return { answer: { paperId: params.id, less } };
    });
  }

  mountForSubscriber(app, byToken, listSaved, async ({ subscriberId, query }) => {
    const { papers, nextCursor } = await savedPage(services, subscriberId, query);
    return {
      answer: {
        papers: papers.map(({ paper, at }) => ({
          ...presentPaper(paper, services.publicUrl),
          savedAt: new Date(at).toISOString(),
        })),
        ...(nextCursor && { nextCursor }),
      },
    };
  });
}
