import type { Context, Hono } from 'hono';
import { summarisePaper } from '../../../shared/digests/digest-paper.ts';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { isCurrent, verifyVoteToken, voteToken } from '../../../shared/subscribers/tokens.ts';
import type { Mark } from '../../../shared/votes/repository.ts';
import { notFoundPage } from '../pages/problems.tsx';
import type { PublicServices } from '../services.ts';
import { subscriberOfLink } from '../subscriptions/manage-link.ts';
import { notSubscribedPage, requestLinkPage } from '../subscriptions/manage-link-view.tsx';
import { tokenOf } from '../subscriptions/page-forms.ts';
import { readStanding, setMark } from './mark.ts';
import { savedPage } from './saved.ts';
import { savedPapersPage, voteLinkProblemPage, votePage, voteTooOftenPage } from './votes-view.tsx';

/** A path with a paper's id. Ids of old papers hold a slash. */
const paperPath = '/papers/:id{[^/]+(?:/\\d+)?}';
const acts: { name: 'upvote' | 'save' | 'less'; mark: Mark }[] = [
  { name: 'upvote', mark: 'vote' },
  { name: 'save', mark: 'save' },
  { name: 'less', mark: 'less' },
];
const shownPapers = 50;

/** The pages behind a mail's links to vote, to save, and for less like a paper. [A GET changes nothing](docs/invariants.md#4). */
export function mountVotePages(app: Hono, services: PublicServices): void {
  const { keys } = services.subscriptions;

  /** The link's subscriber and its paper, else the page that says what is wrong. */
  async function grantOf(
    c: Context,
    mark: Mark,
  ): Promise<{ subscriber: Subscriber; paper: Paper; since: number | undefined } | { answer: Response }> {
    const id = paperIdSchema.safeParse(c.req.param('id'));
    if (!id.success) return { answer: await c.html(notFoundPage(), 404) };
    const verified = verifyVoteToken(keys, tokenOf(c), id.data, services.now());
    if (!verified.ok) {
      services.logger.info('A link did not work', { purpose: 'vote', reason: verified.reason });
      return { answer: await c.html(voteLinkProblemPage(), 400) };
    }
    const { subscriberId } = verified.grant;
    const { subscriber, paper, since } = await readStanding(services, { mark, subscriberId, paperId: id.data });
    if (subscriber?.status !== 'active') return { answer: await c.html(notSubscribedPage()) };
    if (!isCurrent(verified.grant, subscriber)) {
      services.logger.info('A link did not work', { purpose: 'vote', reason: 'taken back' });
      return { answer: await c.html(voteLinkProblemPage(), 400) };
    }
    return paper ? { subscriber, paper, since } : { answer: await c.html(notFoundPage(), 404) };
  }

  for (const { name, mark } of acts) {
    app.get(`${paperPath}/${name}`, async c => {
      const found = await grantOf(c, mark);
      if ('answer' in found) return found.answer;
      const { paper, since } = found;
      return c.html(votePage({ act: name, paper, marked: since !== undefined, token: tokenOf(c) }));
    });

    for (const [suffix, marked] of [['', true] as const, ['/take-back', false] as const]) {
      app.post(`${paperPath}/${name}${suffix}`, async c => {
        const found = await grantOf(c, mark);
        if ('answer' in found) return found.answer;
        const result = await setMark(services, { ...found, mark, marked });
        if ('paper' in result) {
          return c.html(votePage({ act: name, paper: result.paper, marked, done: true, token: tokenOf(c) }));
        }
        if (result.fault === 'unknown paper') return c.html(notFoundPage(), 404);
        return c.html(voteTooOftenPage(), 429, { 'Retry-After': String(Math.ceil(result.wait / 1000)) });
      });
    }
  }

  app.get('/saved', async c => {
    const found = await subscriberOfLink(services, c);
    if ('answer' in found) return found.answer;
    const { subscriberId, subscriber: saver } = found;
    if (!saver || saver.status === 'erased') return c.html(requestLinkPage({ expired: true }), 400);
    const cursor = c.req.query('cursor');
    const { papers, nextCursor } = await savedPage(services, subscriberId, { limit: shownPapers, cursor });
    return c.html(
      savedPapersPage({
        token: tokenOf(c),
        papers: papers.map(({ paper }) => ({
          ...summarisePaper(paper, services.publicUrl),
          removeUrl: `/papers/${paper.id}/save?token=${voteToken(keys, subscriberId, paper.id, services.now(), saver.linkGeneration)}`,
        })),
        nextCursor,
      }),
    );
  });
}
