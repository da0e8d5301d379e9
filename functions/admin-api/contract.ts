import * as z from 'zod';
import { countsSchema } from '../../shared/deliveries/delivery.ts';
import { digestIdSchema, digestSchema, digestStatuses, leftOutSchema } from '../../shared/digests/digest.ts';
import { feedbackCountsSchema } from '../../shared/feedback/counts.ts';
import { pageLimit } from '../../shared/http/page-limit.ts';
import { defineRoute } from '../../shared/http/route.ts';
import { daySchema } from '../../shared/time/day.ts';
import { weekSchema } from '../../shared/time/period.ts';
import { curationRoutes } from './curation-contract.ts';
import { paperRoutes } from './papers/contract.ts';
import { subscriberRoutes } from './subscribers/contract.ts';

const digestAnswer = z.object({
  id: digestIdSchema,
  status: z.enum(digestStatuses),
  subject: z.string(),
  papers: z.int(),
  /** Why it was halted. */
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

/** The four ways to steer a digest that is being sent. */
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
      /** Batches that still have deliveries to end. */
      openBatches: z.int(),
      /** More deliveries may come: the planner is at work on it, or was asked to be and has not got to it yet. */
      planning: z.boolean(),
      /** Since when the planner has been asked for something, while it has not begun. */
      askedAt: z.iso.datetime().optional(),
      /** When planning last came to its end. */
      plannedAt: z.iso.datetime().optional(),
      /** When all of it had ended: nothing of it changes any more. */
      finishedAt: z.iso.datetime().optional(),
      /** Papers that were taken out of it, or never came in, and why. */
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

/** Every route of the admin API, which the gateway gives to IAM-signed requests only. */
export const adminRoutes = [
  ...paperRoutes,
  listDigests,
  publishDigest,
  showDigest,
  showFeedback,
  sendDigest,
  pauseDigest,
  resumeDigest,
  cancelDigest,
  retryDeliveries,
  ...curationRoutes,
  ...subscriberRoutes,
] as const;
