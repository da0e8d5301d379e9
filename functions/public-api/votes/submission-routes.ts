import type { Hono } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { neededSubmitters, type Submission, submissionOf } from '../../../shared/votes/submission.ts';
import { mountForSubscriber } from '../bearer.ts';
import type { PublicServices } from '../services.ts';
import { requireActive, tokenServices } from '../token-services.ts';
import { showSubmission, submitPaper } from './contract.ts';
import { submitTyped } from './submit.ts';

function present(paperId: string, submission: Submission) {
  return { paperId, ...submission, needed: neededSubmitters };
}

export function mountSubmissions(app: Hono, services: PublicServices): void {
  const byToken = tokenServices(services);

  mountForSubscriber(app, byToken, submitPaper, async ({ subscriber, body }) => {
    requireActive(subscriber);
    const result = await submitTyped(services, { subscriber, typed: body.arxivId });
    if ('submission' in result) {
      return { answer: present(result.paperId, result.submission), ...(result.decided && { status: 200 }) };
    }
    const { message } = result;
    if (result.fault === 'no arXiv id') throw new Problem('invalid-input', message, [{ path: 'arxivId', message }]);
    const headers = { 'Retry-After': String(Math.ceil(result.wait / 1000)) };
    throw new Problem('too-many-requests', message, undefined, headers);
  });

  mount(app, showSubmission, async ({ params }) => {
    const submission = await submissionOf(services, params.id);
    if (!submission) throw new Problem('not-found', 'Nobody submitted a paper with this id.');
    return { answer: present(params.id, submission) };
  });
}
