import type { Hono } from 'hono';
import * as z from 'zod';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { defineRoute, mount } from '../../../shared/http/route.ts';
import {
  neededSubmitters,
  type Submission,
  submissionOf,
  submissionStatuses,
} from '../../../shared/votes/submission.ts';
import { mountForOwner } from '../bearer.ts';
import { ownerServices, requireActive } from '../owner.ts';
import type { PublicServices } from '../services.ts';
import { submitTyped } from './submit.ts';

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
  bearer: ['manage'],
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

function present(paperId: string, submission: Submission) {
  return { paperId, ...submission, needed: neededSubmitters };
}

export function mountSubmissions(app: Hono, services: PublicServices): void {
  const owner = ownerServices(services);

  mountForOwner(app, owner, submitPaper, async ({ subscriber, body }) => {
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
