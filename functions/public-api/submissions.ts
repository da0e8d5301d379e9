import type { Hono } from 'hono';
import * as z from 'zod';
import { mountForOwner } from '../../shared/http/bearer.ts';
import { Problem } from '../../shared/http/problem.ts';
import { defineRoute, mount } from '../../shared/http/route.ts';
import { paperIdSchema } from '../../shared/papers/paper.ts';
import { parseArxivId } from '../../shared/papers/sources/arxiv-id.ts';
import {
  neededSubmitters,
  type Submission,
  submissionOf,
  submissionStatuses,
  submit,
} from '../../shared/votes/submission.ts';
import { existing, requireActive } from './owner.ts';
import type { PublicServices } from './services.ts';

const submissionAnswer = z.object({
  paperId: paperIdSchema,
  status: z.enum(submissionStatuses).meta({
    description:
      'waiting: it is fetched from arXiv within minutes; pending: until a curator accepts it or enough people submit it; ' +
      'listed: it is there; rejected: a curator decided against it; unknown: arXiv does not have it',
  }),
  /** How many people submitted it, and how many it takes. */
  submitters: z.int(),
  needed: z.int(),
  reason: z.string().optional(),
});

export const submitPaper = defineRoute({
  method: 'post',
  path: '/v1/papers',
  summary: 'Submit a paper of arXiv; the same again changes nothing',
  bearer: 'manage',
  body: z.strictObject({
    arxivId: z.string().min(1).max(200).meta({ description: 'In any form: 2403.08540, math/0211159, its address' }),
  }),
  answer: { status: 202, description: 'It is fetched, or waits to be accepted', schema: submissionAnswer },
  alsoAnswers: [{ status: 200, description: 'It is decided already: listed, or rejected' }],
  problems: [
    'invalid-json',
    'invalid-input',
    'body-too-large',
    'unsupported-media-type',
    'unauthorized',
    'not-subscribed',
    'too-many-requests',
  ],
});

export const showSubmission = defineRoute({
  method: 'get',
  path: '/v1/papers/{id}/submission',
  holdsSlashes: true,
  summary: 'What became of a submitted paper',
  params: z.object({ id: paperIdSchema }),
  answer: { status: 200, description: 'How it stands', schema: submissionAnswer },
  problems: ['invalid-input', 'not-found'],
});

const day = 86_400_000;

function present(paperId: string, submission: Submission) {
  return { paperId, ...submission, needed: neededSubmitters };
}

export function mountSubmissions(app: Hono, services: PublicServices): void {
  const { keys, subscribers, publishEvents } = services.subscriptions;
  const { papers, votes, submissions, limits } = services;
  const owner = { keys, logger: services.logger, now: services.now };

  mountForOwner(app, owner, submitPaper, async ({ subscriberId, body }) => {
    requireActive(existing(await subscribers.get(subscriberId)));
    const paperId = parseArxivId(body.arxivId)?.id;
    if (paperId === undefined) {
      const message = `"${body.arxivId}" is no arXiv id such as 2403.08540 or math/0211159.`;
      throw new Problem('invalid-input', message, [{ path: 'arxivId', message }]);
    }
    const known = await submissionOf(services, paperId);
    if (known?.status === 'listed' || known?.status === 'rejected') {
      return { answer: present(paperId, known), status: 200 };
    }
    const limit = {
      name: 'submissions-by-subscriber',
      most: limits.community.submissionsDay,
      windowMilliseconds: day,
    };
    const wait = await limits.take(limit, subscriberId, services.now());
    if (wait !== undefined) {
      const headers = { 'Retry-After': String(Math.ceil(wait / 1000)) };
      throw new Problem('too-many-requests', 'You submitted enough for today. Go on tomorrow.', undefined, headers);
    }
    const stores = { papers, votes, subscribers, submissions, publishEvents };
    return { answer: present(paperId, await submit(stores, { subscriberId, paperId }, services.now())) };
  });

  mount(app, showSubmission, async ({ params }) => {
    const submission = await submissionOf(services, params.id);
    if (!submission) throw new Problem('not-found', 'Nobody submitted a paper with this id.');
    return { answer: present(params.id, submission) };
  });
}
