import * as z from 'zod';
import { paperIdSchema } from '../../shared/events/ids.ts';
import { briefly } from '../../shared/http/caching.ts';
import { pageCursor, pageLimit } from '../../shared/http/page-limit.ts';
import { defineRoute } from '../../shared/http/route.ts';
import { shownPaperSchema } from '../../shared/papers/paper.ts';
import { sorts } from '../../shared/papers/rank.ts';
import { parseArxivId } from '../../shared/papers/sources/arxiv-id.ts';
import { longestTyped } from '../../shared/subscribers/address.ts';
import {
  preferencesChangeSchema,
  preferencesSchema,
  signUpPreferencesSchema,
} from '../../shared/subscribers/preferences.ts';
import { leaveReasons, subscriberStatuses } from '../../shared/subscribers/subscriber.ts';
import { daySchema } from '../../shared/time/day.ts';
import { monthSchema, weekSchema } from '../../shared/time/period.ts';
import { getDigest, listDigests } from './digests/contract.ts';
import { showRanking } from './papers/ranking.ts';
import { showStatus } from './papers/status.ts';
import { eraseOwnData, exportOwnData } from './personal-data/contract.ts';
import { communityRoutes } from './votes/contract.ts';
import { showSubmission, submitPaper } from './votes/submission-routes.ts';

/** An address as typed; what is wrong with it is said in words. */
const email = z.string().max(longestTyped);

const token = z.strictObject({ token: z.string().min(1).max(400) });

const bodyProblems = ['invalid-json', 'invalid-input'] as const;

export const listPapers = defineRoute({
  method: 'get',
  path: '/v1/papers',
  summary: 'The papers of a day, a week, a month, or of all time, best first',
  publicSeconds: briefly,
  query: z
    .strictObject({
      date: daySchema.optional().meta({
        description:
          'A day; without any of these three, all time: what is trending of all is that of 31 days and what has the most upvotes',
      }),
      week: weekSchema.optional().meta({ description: 'An ISO week, 2026-W48' }),
      month: monthSchema.optional().meta({ description: 'A month, 2026-11' }),
      sort: z.enum(sorts).default('trending'),
      limit: pageLimit(100),
      cursor: pageCursor,
    })
    .refine(({ date, week, month }) => [date, week, month].filter(Boolean).length < 2, {
      path: ['date'],
      message: 'give only one of date, week and month',
    }),
  answer: {
    status: 200,
    description: 'The papers; none is an empty list',
    schema: z.object({ papers: z.array(shownPaperSchema), nextCursor: z.string().optional() }),
  },
  problems: ['invalid-input'],
});

/** An id of arXiv may have its version and its prefix. */
const anyPaperId = z
  .string()
  .max(200)
  .transform(text => parseArxivId(text)?.id ?? text)
  .pipe(paperIdSchema)
  .meta({ description: 'A paper’s id, as 2403.08540; also with arXiv’s version, as 2403.08540v2' });

export const getPaper = defineRoute({
  method: 'get',
  path: '/v1/papers/{id}',
  holdsSlashes: true,
  summary: 'One paper',
  publicSeconds: briefly,
  params: z.object({ id: anyPaperId }),
  answer: { status: 200, description: 'The paper', schema: shownPaperSchema },
  problems: ['invalid-input', 'not-found'],
});

/** Where a mark begins and where it ends, in characters; no tuple, as generators of clients don't know what OpenAPI 3.1 has for one. */
const range = z.array(z.int()).length(2);

export const searchPapers = defineRoute({
  method: 'get',
  path: '/v1/papers/search',
  summary: 'Search all papers, best first',
  publicSeconds: briefly,
  query: z.strictObject({
    q: z.string().min(1).max(500).meta({
      description:
        'Words (beginnings and small typos will do), "phrases", author:name, after:2026-11-01, category:cs.CL, has:code',
    }),
    limit: pageLimit(50).meta({ description: 'From 1 to 50' }),
  }),
  answer: {
    status: 200,
    description: 'The papers; none is an empty list',
    schema: z.object({
      papers: z.array(
        shownPaperSchema.extend({
          /** Where the texts have what was asked for: from and up to, in UTF-16 units. */
          highlights: z.object({
            title: z.array(range),
            abstract: z.array(range),
            authors: z.array(z.array(range)),
          }),
        }),
      ),
    }),
  },
  problems: ['invalid-input'],
});

export const subscribe = defineRoute({
  method: 'post',
  path: '/v1/subscriptions',
  summary: 'Ask for the daily mail; a confirmation link goes to the address',
  body: z.strictObject({
    email,
    preferences: signUpPreferencesSchema.prefault({}),
    honeypot: z.string().max(1_000).optional().meta({
      description: 'A field of your form that people don’t see. Whoever fills it gets the usual answer, and no mail.',
    }),
  }),
  answer: {
    status: 202,
    description: 'The same for every valid address, known or not',
    schema: z.object({ status: z.literal('confirmation_sent') }),
  },
  problems: [...bodyProblems, 'too-many-requests'],
});

export const requestLink = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/link',
  summary:
    'Ask for a link, which goes to the address: to one’s preferences, or, when one left or never confirmed, to what is kept',
  body: z.strictObject({ email }),
  answer: {
    status: 202,
    description: 'The same for every valid address, known or not',
    schema: z.object({ status: z.literal('link_sent') }),
  },
  problems: [...bodyProblems, 'too-many-requests'],
});

export const confirm = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/confirm',
  summary: 'Confirm a subscription with the token of the mailed link; again gives the same answer',
  body: token,
  answer: {
    status: 200,
    description: 'The subscription is active',
    schema: z.object({ status: z.literal('active') }),
  },
  problems: ['invalid-json', 'invalid-input', 'invalid-token'],
});

export const unsubscribe = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/unsubscribe',
  summary: 'End a subscription at once with the token of a mailed link; again gives the same answer',
  body: token.extend({ reason: z.enum(leaveReasons).optional().meta({ description: 'Why, if they care to say' }) }),
  answer: {
    status: 200,
    description: 'No further digest is sent',
    schema: z.object({ status: z.literal('unsubscribed') }),
  },
  problems: ['invalid-json', 'invalid-input', 'invalid-token'],
});

const ownSubscription = z.object({
  email: z.string(),
  status: z.enum(subscriberStatuses),
  preferences: preferencesSchema,
});

export const getOwnSubscription = defineRoute({
  method: 'get',
  path: '/v1/subscriptions/me',
  summary: 'My subscription and its preferences',
  bearer: ['manage'],
  answer: { status: 200, description: 'The subscription of the token’s owner', schema: ownSubscription },
  problems: ['unauthorized'],
});

export const changeOwnSubscription = defineRoute({
  method: 'patch',
  path: '/v1/subscriptions/me',
  summary: 'Change my preferences, or move to another address',
  bearer: ['manage'],
  body: z.strictObject({
    email: email.optional().meta({
      description: 'The new address. It gets a confirmation mail; the old one stays until that is confirmed.',
    }),
    preferences: preferencesChangeSchema.optional().meta({
      description: 'What is missing stays; null takes minScore or pausedUntil away',
    }),
  }),
  answer: { status: 200, description: 'The subscription as it is now', schema: ownSubscription },
  alsoAnswers: [{ status: 202, description: 'The same, and a confirmation mail goes to the new address' }],
  problems: [...bodyProblems, 'unauthorized', 'not-subscribed', 'too-many-requests'],
});

export const health = defineRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the API answers',
  answer: {
    status: 200,
    description: 'It does',
    // The name tells a deployment from others, and from whatever else answers at an address.
    schema: z.object({ status: z.literal('ok'), name: z.string() }),
  },
  problems: [],
});

/** Every route of the public JSON API, in the order of the OpenAPI document. */
export const publicRoutes = [
  listPapers,
  searchPapers,
  getPaper,
  showRanking,
  listDigests,
  getDigest,
  showStatus,
  subscribe,
  confirm,
  unsubscribe,
  requestLink,
  getOwnSubscription,
  changeOwnSubscription,
  eraseOwnData,
  exportOwnData,
  ...communityRoutes,
  submitPaper,
  showSubmission,
  health,
] as const;
