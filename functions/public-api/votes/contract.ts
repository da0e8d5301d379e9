import * as z from 'zod';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { pageLimit } from '../../../shared/http/page-limit.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { shownPaperSchema } from '../../../shared/papers/paper.ts';
import { submissionStatuses } from '../../../shared/votes/submission.ts';

const params = z.object({ id: paperIdSchema });
const problems = ['invalid-input', 'unauthorized', 'not-subscribed', 'not-found', 'too-many-requests'] as const;

const vote = {
  path: '/v1/papers/{id}/upvote',
  holdsSlashes: true,
  bearer: ['manage'],
  params,
  answer: {
    status: 200,
    description: 'How the paper stands; the same again changes nothing',
    schema: z.object({
      paperId: paperIdSchema,
      /** Whether the subscriber's own vote is among `votes`. */
      upvoted: z.boolean(),
      votes: z.int().meta({ description: 'Of subscribers here' }),
      upvotes: z.int().meta({ description: 'Of its source, as Hugging Face; both count alike' }),
    }),
  },
  problems,
} as const;

export const upvote = defineRoute({
  method: 'post',
  summary: 'Vote for a paper: one vote a person and paper',
  ...vote,
});
export const takeUpvoteBack = defineRoute({ method: 'delete', summary: 'Take my vote back', ...vote });

const save = {
  path: '/v1/papers/{id}/save',
  holdsSlashes: true,
  bearer: ['manage'],
  params,
  answer: {
    status: 200,
    description: 'Whether it is saved; the same again changes nothing',
    schema: z.object({ paperId: paperIdSchema, saved: z.boolean() }),
  },
  problems,
} as const;

export const savePaper = defineRoute({
  method: 'post',
  summary: 'Save a paper for later; nobody else sees it',
  ...save,
});
export const unsavePaper = defineRoute({ method: 'delete', summary: 'Take a paper out of those I saved', ...save });

const less = {
  path: '/v1/papers/{id}/less',
  holdsSlashes: true,
  bearer: ['manage'],
  params,
  answer: {
    status: 200,
    description: 'Whether papers like it come later; the same again changes nothing',
    schema: z.object({ paperId: paperIdSchema, less: z.boolean() }),
  },
  problems,
} as const;

export const wantLess = defineRoute({
  method: 'post',
  summary: 'Less like this paper: others with its words come later in my mails',
  ...less,
});
export const wantLessTakenBack = defineRoute({ method: 'delete', summary: 'Take that back', ...less });

export const listSaved = defineRoute({
  method: 'get',
  path: '/v1/subscriptions/me/saved',
  summary: 'The papers I saved, the newest first',
  bearer: ['manage'],
  query: z.strictObject({
    limit: pageLimit(100),
    cursor: z
      .string()
      .max(250)
      .regex(/^\d{1,15}~./, 'not a nextCursor')
      .optional()
      .meta({ description: 'The nextCursor of the answer before' }),
  }),
  answer: {
    status: 200,
    description: 'The papers that are still listed; a page may have fewer than asked for',
    schema: z.object({
      papers: z.array(shownPaperSchema.extend({ savedAt: z.iso.datetime() })),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['invalid-input', 'unauthorized'],
});

const submissionAnswer = z.object({
  paperId: paperIdSchema,
  status: z.enum(submissionStatuses).meta({
    description:
      'waiting: it is fetched from arXiv within minutes; pending: until a curator accepts it or enough people submit it; ' +
      'listed: it is there; rejected: a curator decided against it; unknown: arXiv does not have it',
  }),
  /** The number of submitters, and the number that lists the paper. */
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
  problems: ['invalid-json', 'invalid-input', 'unauthorized', 'not-subscribed', 'too-many-requests'],
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

/** The routes by which subscribers vote for papers and save them. */
export const communityRoutes = [
  upvote,
  takeUpvoteBack,
  savePaper,
  unsavePaper,
  wantLess,
  wantLessTakenBack,
  listSaved,
] as const;
