import * as z from 'zod';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { readSourceNames, sourceNames } from '../../../shared/events/sources.ts';
import { pageLimit } from '../../../shared/http/page-limit.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { freshnessStates } from '../../../shared/papers/freshness.ts';
import { paperSchema } from '../../../shared/papers/paper.ts';
import { curatedPaperSchema } from '../../../shared/papers/sources/curator.ts';
import { scanParts } from '../../../shared/platform/scan.ts';
import { daySchema } from '../../../shared/time/day.ts';
import { dayRangeSchema, monthSchema, weekSchema } from '../../../shared/time/period.ts';
import { scanCursor, scanPart } from '../scan.ts';

const period = { day: daySchema.optional(), week: weekSchema.optional(), month: monthSchema.optional() };

export const ingest = defineRoute({
  method: 'post',
  path: '/v1/admin/ingestions',
  summary:
    'Take in papers: from a source for a day, and from Hugging Face also for a week or month; with a text, from it: the ' +
    'page as text, the JSON of the Hugging Face daily-papers API, or a feed or the page of new papers of arXiv',
  body: z
    .strictObject({
      source: z.enum(readSourceNames),
      ...period,
      text: z.string().min(1).optional(),
    })
    .refine(({ day, week, month }) => [day, week, month].filter(Boolean).length === 1, {
      message: 'give one of day, week and month',
      path: ['day'],
    })
    .refine(({ day, text }) => text === undefined || day !== undefined, {
      message: 'a text is of one day',
      path: ['day'],
    }),
  answer: {
    status: 200,
    description: 'What became of every entry',
    schema: z.object({
      source: z.enum(sourceNames),
      ...period,
      read: z.int(),
      stored: z.int(),
      unchanged: z.int(),
      rejected: z.array(z.object({ entry: z.string(), reason: z.string() })),
      /** Papers that were stored without an odd field. */
      incomplete: z.array(z.object({ entry: z.string(), reason: z.string() })).optional(),
    }),
  },
  problems: ['invalid-json', 'invalid-input', 'source-failed'],
});

export const listSources = defineRoute({
  method: 'get',
  path: '/v1/admin/sources',
  summary: 'How each source stands on each of some days, and why; without days, the last seven',
  query: dayRangeSchema,
  answer: {
    status: 200,
    description: 'The newest day first; at most 62 days',
    schema: z.object({
      days: z.array(
        z.object({
          source: z.enum(sourceNames),
          day: daySchema,
          state: z.enum(freshnessStates),
          reason: z.string(),
          papers: z.int(),
          /** Rejected entries, papers stored without an odd field, and the first of both by name. */
          rejected: z.int().optional(),
          incomplete: z.int().optional(),
          odd: z.array(z.string()).optional(),
          /** The last time that it was read in whole. */
          readAt: z.iso.datetime().optional(),
        }),
      ),
    }),
  },
  problems: ['invalid-input'],
});

/** A paper with the fields that only curators see. */
const curatedAnswer = paperSchema.extend({
  /** The source of each field. */
  origins: z
    .record(
      z.string(),
      z.object({ source: z.enum(sourceNames), readAt: z.iso.datetime(), version: z.int().optional() }),
    )
    .optional(),
});

const paperParams = z.object({ id: paperIdSchema });

export const putPaper = defineRoute({
  method: 'post',
  path: '/v1/admin/papers',
  summary: 'Put one paper: by its arXiv id in any form, or in full; one that was deleted comes back',
  body: z.union([
    z.strictObject({ arxivId: z.string().min(1).max(200), day: daySchema.optional() }),
    z.strictObject({ paper: curatedPaperSchema }),
  ]),
  answer: { status: 200, description: 'The paper as it is stored', schema: curatedAnswer },
  problems: ['invalid-json', 'invalid-input', 'not-found', 'source-failed'],
});

export const showPaper = defineRoute({
  method: 'get',
  path: '/v1/admin/papers/{id}',
  holdsSlashes: true,
  summary: 'One paper, hidden ones too, and where each of its fields came from',
  params: paperParams,
  answer: { status: 200, description: 'The paper', schema: curatedAnswer },
  problems: ['invalid-input', 'not-found'],
});

export const changePaper = defineRoute({
  method: 'patch',
  path: '/v1/admin/papers/{id}',
  holdsSlashes: true,
  summary:
    'Hide it from lists and digests to come, or show it again; pin it first on a day (null: not any more); accept or reject ' +
    'a submission',
  params: paperParams,
  body: z.strictObject({
    hidden: z.boolean().optional(),
    pinnedDay: daySchema.nullable().optional(),
    accepted: z.boolean().optional(),
  }),
  answer: { status: 200, description: 'The paper as it is now', schema: curatedAnswer },
  problems: ['invalid-json', 'invalid-input', 'not-found'],
});

export const deletePaper = defineRoute({
  method: 'delete',
  path: '/v1/admin/papers/{id}',
  holdsSlashes: true,
  summary: 'Delete a paper for good: its source does not bring it back',
  params: paperParams,
  answer: { status: 200, description: 'It is gone', schema: z.object({ id: paperIdSchema, deleted: z.literal(true) }) },
  problems: ['invalid-input', 'not-found'],
});

export const listSubmissions = defineRoute({
  method: 'get',
  path: '/v1/admin/submissions',
  summary: 'Papers that subscribers submitted and nobody decided about, the oldest first',
  answer: {
    status: 200,
    description: 'Those that wait for arXiv are without a title',
    schema: z.object({
      submissions: z.array(
        z.object({
          paperId: paperIdSchema,
          submittedAt: z.iso.datetime(),
          state: z.enum(['waiting', 'pending', 'unknown']),
          submitters: z.int(),
          title: z.string().optional(),
          reason: z.string().optional(),
        }),
      ),
    }),
  },
  problems: [],
});

/** Items of a page. Their papers are read and written within a few seconds. */
const itemsPerPage = 200;

export const renewPapers = defineRoute({
  method: 'post',
  path: '/v1/admin/texts/renewal',
  summary: `Work out anew the readable texts and leads of stored papers, where they are of older rules: in ${scanParts} parts, each page after page`,
  query: z.strictObject({ part: scanPart, limit: pageLimit(itemsPerPage), cursor: scanCursor }),
  answer: {
    status: 200,
    description: 'How many papers were looked at and stored anew; a page without papers may not be the last',
    schema: z.object({
      papers: z.int(),
      renewed: z.int(),
      damaged: z
        .array(z.object({ id: z.string(), reason: z.string() }))
        .meta({ description: 'Papers that can not be read' }),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['invalid-input'],
});

/** The routes about papers, for operators and curators. */
export const paperRoutes = [
  ingest,
  listSources,
  listSubmissions,
  renewPapers,
  putPaper,
  showPaper,
  changePaper,
  deletePaper,
] as const;
