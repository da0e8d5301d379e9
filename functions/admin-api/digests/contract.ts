import * as z from 'zod';
import { countsSchema } from '../../../shared/deliveries/delivery.ts';
import { curationChangeSchema } from '../../../shared/digests/curation.ts';
import {
  digestIdSchema,
  digestPaperSchema,
  digestSchema,
  digestStatuses,
  leftOutSchema,
} from '../../../shared/digests/digest.ts';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { feedbackCountsSchema } from '../../../shared/feedback/sums.ts';
import { pageLimit } from '../../../shared/http/page-limit.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { typedAddressSchema } from '../../../shared/subscribers/address.ts';
import { daySchema } from '../../../shared/time/day.ts';
import { weekSchema } from '../../../shared/time/period.ts';

const digestAnswer = z.object({
  id: digestIdSchema,
  status: z.enum(digestStatuses),
  subject: z.string(),
  papers: z.int(),
  /** The reason of the halt. */
  statusReason: z.string().optional(),
});

const digestParams = z.object({ id: digestIdSchema });

export const publishDigest = defineRoute({
  method: 'post',
  path: '/v1/admin/digests',
  summary: 'Freeze the daily digest of a day, or the weekly of a week; again gives the one that is frozen already',
  body: z
    .strictObject({ date: daySchema.optional(), week: weekSchema.optional() })
    .refine(({ date, week }) => (date === undefined) !== (week === undefined), {
      path: ['date'],
      message: 'give either date or week',
    }),
  answer: { status: 201, description: 'It is frozen now', schema: digestAnswer },
  alsoAnswers: [{ status: 200, description: 'It was frozen before' }],
  problems: ['invalid-json', 'invalid-input', 'not-found'],
});

export const listDigests = defineRoute({
  method: 'get',
  path: '/v1/admin/digests',
  summary: 'The newest digests of every kind, or of one, newest first',
  query: z.strictObject({ kind: digestSchema.shape.kind.optional(), limit: pageLimit(100) }),
  answer: { status: 200, description: 'The digests', schema: z.object({ digests: z.array(digestAnswer) }) },
  problems: ['invalid-input'],
});

export const sendDigest = defineRoute({
  method: 'post',
  path: '/v1/admin/digests/{id}/send',
  summary: 'Send a digest now to every active subscriber who does not have it yet, whatever their hour',
  params: digestParams,
  answer: {
    status: 202,
    description: 'It is being planned',
    schema: z.object({ id: digestIdSchema, requestedAt: z.iso.datetime() }),
  },
  problems: ['invalid-input', 'not-found', 'digest-closed'],
});

/** The four routes that steer a digest while it is sent. */
const steering = (path: `/${string}`, summary: string) =>
  defineRoute({
    method: 'post',
    path,
    summary,
    params: digestParams,
    answer: { status: 200, description: 'Its status now', schema: digestAnswer },
    problems: ['invalid-input', 'not-found', 'digest-closed'],
  });

export const pauseDigest = steering('/v1/admin/digests/{id}/pause', 'Pause: takes effect with the next chunk');
export const resumeDigest = steering('/v1/admin/digests/{id}/resume', 'Go on after a pause or a halt');
export const cancelDigest = steering('/v1/admin/digests/{id}/cancel', 'Cancel: what was not sent yet never will be');

export const retryDeliveries = defineRoute({
  method: 'post',
  path: '/v1/admin/digests/{id}/retry',
  summary: 'Try again what failed, or what is unknown for good: all of it, or one subscriber’s delivery',
  params: digestParams,
  body: z.strictObject({ state: z.enum(['failed', 'unknown']), subscriberId: z.string().min(1).max(64).optional() }),
  answer: {
    status: 202,
    description: 'They are being planned again',
    schema: z.object({ id: digestIdSchema, requestedAt: z.iso.datetime() }),
  },
  problems: ['invalid-json', 'invalid-input', 'not-found', 'digest-closed'],
});

export const showDigest = defineRoute({
  method: 'get',
  path: '/v1/admin/digests/{id}',
  summary: 'How far the sending of a digest is',
  params: digestParams,
  answer: {
    status: 200,
    description: 'Its counts',
    schema: digestAnswer.extend({
      counts: countsSchema,
      /** Batches that still have open deliveries. */
      openBatches: z.int(),
      /** The planner is planning it, or was asked to and has not begun: more deliveries may come. */
      planning: z.boolean(),
      /** The time of an operator's request that the planner has not begun yet. */
      askedAt: z.iso.datetime().optional(),
      /** The end of the last planning. */
      plannedAt: z.iso.datetime().optional(),
      /** The time when all its deliveries had ended. No count changes afterwards. */
      finishedAt: z.iso.datetime().optional(),
      /** Papers that were taken out or never came in, each with the reason. */
      leftOut: z.array(leftOutSchema).optional(),
    }),
  },
  problems: ['invalid-input', 'not-found'],
});

/** A digest with its counts. */
export type ShownDigest = z.output<typeof showDigest.answer.schema>;

export const showFeedback = defineRoute({
  method: 'get',
  path: '/v1/admin/digests/{id}/feedback',
  summary: 'What SES has reported about a digest: in all, and by domain, the largest first',
  params: digestParams,
  answer: {
    status: 200,
    description: 'Its counts; a delivery is in several of them, as sent and delivered',
    schema: z.object({
      id: digestIdSchema,
      total: feedbackCountsSchema,
      domains: z.array(feedbackCountsSchema.extend({ domain: z.string() })),
    }),
  },
  problems: ['invalid-input', 'not-found'],
});

const params = z.object({ id: digestIdSchema });

export const previewDigest = defineRoute({
  method: 'get',
  path: '/v1/admin/digests/{id}/preview',
  summary: 'A digest as it would be frozen now, or as it was: its papers in order and why, and what is left out',
  params,
  answer: {
    status: 200,
    description: 'The digest',
    schema: digestSchema
      .pick({ id: true, kind: true, date: true, subject: true, note: true, papersOfDay: true })
      .extend({
        frozen: z.boolean(),
        /** The reason that it has no papers. */
        empty: z.string().optional(),
        papers: z.array(
          digestPaperSchema.pick({ id: true, title: true, upvotes: true, inDaily: true }).extend({
            pinned: z.boolean(),
            /** The score that ranks the paper, and the same in words. A frozen digest has neither. */
            score: z.number().optional(),
            why: z.string().optional(),
          }),
        ),
        leftOut: z.array(leftOutSchema.extend({ title: z.string().optional() })),
        /** Papers that no mail may hold, each with its fault. Freezing leaves them out. */
        unfit: z.array(z.object({ id: paperIdSchema, fault: z.string() })).optional(),
        /**
         * Faults that the preflight finds in the mail. With any of them, the digest is halted as soon as it is frozen.
         */
        faults: z.array(z.string()),
        /** Bytes of both parts of the largest mail: that of a reader who wants all papers. */
        size: z.object({ html: z.int(), text: z.int() }),
      }),
  },
  problems: ['invalid-input', 'not-found'],
});

export const curateDigest = defineRoute({
  method: 'patch',
  path: '/v1/admin/digests/{id}/curation',
  summary:
    'Pin papers to the top of a digest to come, drop some, set the editor’s note; null takes each back. Of a frozen one that is ' +
    'halted or paused papers can be dropped',
  params,
  body: curationChangeSchema,
  answer: {
    status: 200,
    description: 'All that is decided about it now; of the pins, the first is on top',
    schema: z.object({
      id: digestIdSchema,
      note: z.string().optional(),
      pinned: z.array(paperIdSchema),
      dropped: z.array(paperIdSchema),
    }),
  },
  problems: ['invalid-json', 'invalid-input', 'not-found', 'digest-closed'],
});

export const sendTestMail = defineRoute({
  method: 'post',
  path: '/v1/admin/digests/{id}/test-mail',
  summary: 'Mail a digest to oneself, as it is or would be frozen now; it is marked and counted nowhere',
  params,
  body: z.strictObject({ address: typedAddressSchema }),
  answer: {
    status: 202,
    description: 'It is on its way',
    schema: z.object({ id: digestIdSchema, papers: z.int(), subject: z.string() }),
  },
  problems: ['invalid-json', 'invalid-input', 'not-found', 'unfit-mail', 'too-many-requests'],
});
