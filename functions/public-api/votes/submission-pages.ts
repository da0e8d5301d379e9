import type { Context, Hono } from 'hono';
import { titleOf } from '../../../shared/papers/shown.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import type { MarkedPaper } from '../../../shared/votes/repository.ts';
import { submissionOf } from '../../../shared/votes/submission.ts';
import type { PublicServices } from '../services.ts';
import { subscriberOfLink } from '../subscriptions/manage-link.ts';
import { notSubscribedPage, requestLinkPage } from '../subscriptions/manage-link-view.tsx';
import { fieldsOf, tokenOf } from '../subscriptions/page-forms.ts';
import { pageOfMarked } from './marked-page.ts';
import { type OwnSubmission, type SubmitOutcome, submissionsPage } from './submissions-view.tsx';
import { submitTyped } from './submit.ts';

const shownSubmissions = 20;
/** Characters of the typed text that the form shows again. An arXiv address has some forty. */
const shownCharacters = 200;

/** The page for submitting papers, which lists those submitted. [A GET changes nothing](docs/invariants.md#4). */
export function mountSubmissionPages(app: Hono, services: PublicServices): void {
  /** The link's subscriber, if active; else the page that says what is wrong. */
  async function activeSubscriberOf(c: Context): Promise<{ subscriber: Subscriber } | { answer: Response }> {
    const found = await subscriberOfLink(services, c);
    if ('answer' in found) return found;
    const { subscriber } = found;
    if (subscriber?.status === 'active') return { subscriber };
    const isKnown = subscriber && subscriber.status !== 'erased';
    return {
      answer: isKnown ? await c.html(notSubscribedPage()) : await c.html(requestLinkPage({ expired: true }), 400),
    };
  }

  async function page(c: Context, subscriberId: string, outcome?: SubmitOutcome): Promise<string> {
    const all = await services.votes.listMarked('submission', subscriberId);
    const shown = pageOfMarked(all, { limit: shownSubmissions, cursor: c.req.query('cursor') });
    const submissions = await Promise.all(shown.page.map(marked => presentSubmission(services, marked)));
    return submissionsPage({ token: tokenOf(c), submissions, nextCursor: shown.nextCursor, outcome });
  }

  app.get('/submissions', async c => {
    const found = await activeSubscriberOf(c);
    return 'answer' in found ? found.answer : c.html(await page(c, found.subscriber.id));
  });

  app.post('/submissions', async c => {
    const found = await activeSubscriberOf(c);
    if ('answer' in found) return found.answer;
    const { subscriber } = found;
    const typed = ((await fieldsOf(c)).arxivId ?? '').slice(0, shownCharacters);
    const result = await submitTyped(services, { subscriber, typed });
    if ('submission' in result) {
      const { paperId, submission, decided } = result;
      const outcome = { paperId, decided: decided ? submission.status : undefined };
      return c.html(await page(c, subscriber.id, outcome), decided ? 200 : 202);
    }
    const html = await page(c, subscriber.id, { typed, fault: result.message });
    if (result.fault === 'no arXiv id') return c.html(html, 400);
    return c.html(html, 429, { 'Retry-After': String(Math.ceil(result.wait / 1000)) });
  });
}

async function presentSubmission(services: PublicServices, { paperId }: MarkedPaper): Promise<OwnSubmission> {
  const [paper, submission] = await Promise.all([services.papers.get(paperId), submissionOf(services, paperId)]);
  // A submission that arXiv does not know is deleted after a while.
  const { status, submitters, reason } = submission ?? { status: 'unknown', submitters: 0 };
  return { paperId, status, submitters, reason, ...(paper && { title: titleOf(paper) }) };
}
