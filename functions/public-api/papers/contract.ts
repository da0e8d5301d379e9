import * as z from 'zod';
import { digestIdSchema } from '../../../shared/digests/digest.ts';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { sourceNames } from '../../../shared/events/sources.ts';
import { briefly } from '../../../shared/http/caching.ts';
import { pageCursor, pageLimit } from '../../../shared/http/page-limit.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { freshnessStates } from '../../../shared/papers/freshness.ts';
import { shownPaperSchema } from '../../../shared/papers/paper.ts';
import { sorts } from '../../../shared/papers/rank.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { filters } from '../../../shared/search/query.ts';
import { orders } from '../../../shared/search/search-segments.ts';
import { daySchema } from '../../../shared/time/day.ts';
import { monthSchema, weekSchema } from '../../../shared/time/period.ts';

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

/** An arXiv id may come with its version and its prefix. */
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

/** Start and end of a mark, in characters. No tuple: client generators do not know OpenAPI 3.1's form of one. */
const range = z.array(z.int()).length(2);

export const searchPapers = defineRoute({
  method: 'get',
  path: '/v1/papers/search',
  summary: 'Search all papers',
  publicSeconds: briefly,
  query: z.strictObject({
    q: z
      .string()
      .min(1)
      .max(500)
      .meta({
        description: `Words (beginnings and small typos will do), "phrases", ${filters.join(', ')}; - before one of these leaves out, OR between two takes either`,
      }),
    sort: z.enum(orders).default('best').meta({ description: 'newest: only papers with all of the words, by day' }),
    limit: pageLimit(50),
    cursor: pageCursor,
  }),
  answer: {
    status: 200,
    description: 'The papers; none is an empty list',
    schema: z.object({
      papers: z.array(
        shownPaperSchema.extend({
          /** The places of the searched words in each text: start (included) and end (excluded), in UTF-16 units. */
          highlights: z.object({
            title: z.array(range),
            abstract: z.array(range),
            authors: z.array(z.array(range)),
          }),
        }),
      ),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['invalid-input'],
});

export const showRanking = defineRoute({
  method: 'get',
  path: '/v1/papers/{id}/ranking',
  holdsSlashes: true,
  summary: 'Why a paper stands where it stands among the papers of its day',
  publicSeconds: briefly,
  params: z.object({ id: paperIdSchema }),
  answer: {
    status: 200,
    description: 'Its place and what its score is made from: score = heat × fieldFactor ÷ ageDivisor',
    schema: z.object({
      paperId: paperIdSchema,
      day: daySchema,
      /** From 1. */
      rank: z.int(),
      of: z.int(),
      /** The version of the formula. */
      version: z.int(),
      /** The time that the score is computed for: now, or the end of the day. */
      at: z.iso.datetime(),
      /** Whether a curator put the paper first. */
      pinned: z.boolean(),
      score: z.number(),
      /** `upvotes`: those of the source; `votes`: those of subscribers here. */
      counts: z.object({ upvotes: z.int(), votes: z.int(), comments: z.int(), codeStars: z.int() }),
      points: z.number(),
      pointsPerHour: z.number(),
      heat: z.number(),
      field: z.string().optional(),
      fieldFactor: z.number(),
      ageDays: z.number(),
      ageDivisor: z.number(),
      /** The same in a sentence. */
      explanation: z.string(),
    }),
  },
  problems: ['invalid-input', 'not-found'],
});

const statusSchema = z.object({
  day: daySchema,
  sources: z.array(
    z.object({
      source: z.enum(sourceNames),
      state: z.enum(freshnessStates),
      reason: z.string(),
      papers: z.int(),
      readAt: z.iso.datetime().optional(),
    }),
  ),
  /** The last digest that was due. */
  digest: z.object({
    id: digestIdSchema,
    state: z.enum(['published', 'nothing announced', 'missing']),
    reason: z.string().optional(),
  }),
});

export type Status = z.infer<typeof statusSchema>;

export const showStatus = defineRoute({
  method: 'get',
  path: '/v1/status',
  summary: 'How fresh each source is today, and what became of the newest digest: why there was or was not a mail',
  publicSeconds: briefly,
  answer: {
    status: 200,
    description: 'Each source with its state, and why',
    schema: statusSchema,
  },
  problems: [],
});
