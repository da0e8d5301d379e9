import * as z from 'zod';
import { paperIdSchema } from '../events/ids.ts';
import { emptyReasons } from '../papers/freshness.ts';
import { webAddressSchema } from '../papers/paper.ts';
import { isVisible } from '../papers/text.ts';
import { hour } from '../platform/durations.ts';
import { daySchema } from '../time/day.ts';
import { instantSchema } from '../time/instant.ts';
import { weekSchema } from '../time/period.ts';

/** Ids in the public archive: `daily-2026-11-23`, or `weekly-2026-W48` by the ISO week of its last day, a Saturday. */
export const archiveIdSchema = z
  .string()
  .regex(
    /^(daily-\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|weekly-\d{4}-W(0[1-9]|[1-4]\d|5[0-3]))$/,
    'not a digest id',
  )
  .refine(namesPeriod, 'not a digest id: there is no such day or week');

/**
 * Ids of the archive, of welcomes and of catch-ups. `welcome-daily-2026-11-23` is for readers who joined after that daily came out,
 * `catch-up-daily-2026-11-10-2026-11-23` for those who missed the dailies from the 10th to the 23rd.
 */
export const digestIdSchema = z
  .string()
  .regex(
    /^((welcome-)?(daily-\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|weekly-\d{4}-W(0[1-9]|[1-4]\d|5[0-3]))|catch-up-(daily|weekly)-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d)$/,
    'not a digest id',
  )
  .refine(namesPeriod, 'not a digest id: there is no such day or week');

function namesPeriod(id: string): boolean {
  const days = /^catch-up-[a-z]+-(.{10})-(.{10})$/.exec(id)?.slice(1);
  if (days) return days.every(day => daySchema.safeParse(day).success);
  const [, kind, period] = /^(?:welcome-)?(daily|weekly)-(.*)$/s.exec(id) ?? [];
  return (kind === 'daily' ? daySchema : weekSchema).safeParse(period).success;
}

export const archiveKinds = ['daily', 'weekly'] as const;
export type ArchiveKind = (typeof archiveKinds)[number];

/** The text of a link: something in it must be visible. */
const linkText = z.string().refine(isVisible, 'there is nothing in it to show');

/** A paper as it is frozen into a digest, with readable texts for mails and pages. */
export const digestPaperSchema = z.object({
  id: paperIdSchema,
  title: linkText,
  /** One or two sentences on what the paper does or finds (docs/decisions/0070-leads.md). */
  lead: z.string(),
  authors: z.array(z.string()),
  moreAuthors: z.int().nonnegative(),
  upvotes: z.int().nonnegative(),
  url: webAddressSchema,
  pdfUrl: webAddressSchema.optional(),
  codeUrl: webAddressSchema.optional(),
  /** Known besides. Digests of before 2026-11-28 have none of it. */
  codeStars: z.int().nonnegative().optional(),
  comments: z.int().nonnegative().optional(),
  discussionUrl: webAddressSchema.optional(),
  projectUrl: webAddressSchema.optional(),
  organization: z.string().optional(),
  publishedAt: z.iso.datetime().optional(),
  keywords: z.array(z.string()).optional(),
  /** Shown to readers who ask for pictures. */
  thumbnailUrl: webAddressSchema.optional(),
  /** In a weekly: the earlier daily that had the paper. */
  inDaily: digestIdSchema.optional(),
});

/** The gains of a paper: readers who saved it before that time (epoch milliseconds) are told of it. */
const newsOfPaperSchema = z.object({
  id: paperIdSchema,
  title: linkText,
  code: z.object({ at: instantSchema, url: webAddressSchema }).optional(),
  version: z.object({ number: z.int().positive(), at: instantSchema }).optional(),
});

/**
 * A paper that was left out of a digest, and why: an earlier daily had it (`seen`), a curator dropped it (`dropped`),
 * or no mail may hold it (`unfit`).
 */
export const leftOutSchema = z.object({
  id: paperIdSchema,
  reason: z.enum(['seen', 'dropped', 'unfit']),
  inDaily: digestIdSchema.optional(),
  /** The preflight's reason why no mail may hold it. */
  fault: z.string().optional(),
});

/** The place of a digest's stored candidates. */
const storedCandidatesSchema = z.object({
  name: z.string(),
  parts: z.int().positive(),
  /** Ids of the candidates that are not among the digest's papers. A reader's mail may hold them, too. */
  more: z.array(paperIdSchema),
});

/**
 * - `ready`: frozen; may be planned and sent.
 * - `paused`: stopped by an operator, until a resume.
 * - `halted`: stopped by the system, until a resume, because of bounces, complaints, an account that may not send, or a
 *   mail that must not go out.
 * - `cancelled`: stopped for good by an operator.
 * - `finished`: every delivery has ended, and no more are planned.
 * - `expired`: it became too old before any delivery was planned.
 *
 * `finishedAt` says of the last three that all deliveries have ended.
 */
export const digestStatuses = ['ready', 'paused', 'halted', 'cancelled', 'finished', 'expired'] as const;

/** One dated, frozen selection of papers. Times are epoch milliseconds. */
export const digestSchema = z.object({
  id: digestIdSchema,
  kind: z.enum([...archiveKinds, 'welcome', 'catch-up']),
  /** The day of a daily, the last day of a weekly; of a catch-up, the date of its last source. */
  date: daySchema,
  /** Only of a catch-up: the first day of its first source. */
  firstDate: daySchema.optional(),
  status: z.enum(digestStatuses),
  subject: linkText,
  /** How many papers the day or week had. `papers` holds the best of them, best first. */
  papersOfDay: z.int().nonnegative(),
  papers: z.array(digestPaperSchema),
  /** Only of a note that there is nothing new: why it has no papers. */
  emptyReason: z.enum(emptyReasons).optional(),
  /** Only of such a note: the last daily before it that has papers. */
  lastDaily: archiveIdSchema.optional(),
  /** A line from the editor, above the papers. */
  note: z.string().optional(),
  /** The news of papers that readers may have saved, the newest first. */
  news: z.array(newsOfPaperSchema).optional(),
  /** Papers that were left out, and why. */
  leftOut: z.array(leftOutSchema).optional(),
  /** Only of a test mail, whose subject says so. */
  isTest: z.boolean().optional(),
  /** Only of a welcome: the digest whose papers it has. */
  source: archiveIdSchema.optional(),
  publishedAt: instantSchema,
  /** The end of sending: [expired, not late](docs/invariants.md#11). */
  freshUntil: instantSchema,
  /** When a planning run last planned it to the end. */
  plannedAt: instantSchema.optional(),
  /** All mails that were due until then are planned. */
  plannedThrough: instantSchema.optional(),
  /** The requests that ask to plan it for all active readers at once; a part of `requests`. */
  forEverybody: z.set(z.string()).optional(),
  /** An operator's requests that the planner has not fulfilled: the time of each, ISO 8601. */
  requests: z.set(z.string()).optional(),
  /** Until when one process has the sole right to plan or finish it. */
  leaseUntil: instantSchema.optional(),
  /** When the planner saw that every delivery has ended: [every delivery ends once](docs/invariants.md#2). */
  finishedAt: instantSchema.optional(),
  /** Why it was halted. */
  statusReason: z.string().optional(),
  /** How often papers were taken out after the freezing. */
  edition: z.int().optional(),
  /** The papers for readers' own selections, stored beside the digest. Some old digests have none. */
  candidates: storedCandidatesSchema.optional(),
});

/** The fields of a digest in lists: those in the index of digests by kind and date. */
export const listedDigestSchema = digestSchema
  .pick({
    id: true,
    kind: true,
    date: true,
    status: true,
    subject: true,
    publishedAt: true,
    freshUntil: true,
    finishedAt: true,
    statusReason: true,
  })
  .extend({ paperCount: z.int().nonnegative() });

/** The fields of a digest that may change while it is sent. */
export const digestStateSchema = digestSchema.pick({ status: true, freshUntil: true, edition: true });

export type DigestState = z.infer<typeof digestStateSchema>;
export type LeftOut = z.infer<typeof leftOutSchema>;
export type StoredCandidates = z.infer<typeof storedCandidatesSchema>;
export type NewsOfPaper = z.infer<typeof newsOfPaperSchema>;
export type DigestPaper = z.infer<typeof digestPaperSchema>;
export type Digest = z.infer<typeof digestSchema>;
export type ListedDigest = z.infer<typeof listedDigestSchema>;

/** A request to the planner is fulfilled within this time (milliseconds), retries included. */
const requestsLast = hour;

/**
 * Whether deliveries of a digest may be planned at this moment.
 * @returns `planning`: a planner works on it or has a request to; `askedAt`: the time of the oldest request (ISO 8601),
 *   while no planner works on it
 */
export function planningOf({ requests, leaseUntil }: Digest, now: number): { planning: boolean; askedAt?: string } {
  if (leaseUntil !== undefined && leaseUntil > now) return { planning: true };
  const open = [...(requests ?? [])].filter(requestedAt => Date.parse(requestedAt) > now - requestsLast);
  const askedAt = open.toSorted()[0];
  return { planning: askedAt !== undefined, ...(askedAt && { askedAt }) };
}

/** Whether mails of a digest may still be sent, now or after a resume. */
export function isOpen({ status }: Pick<Digest, 'status'>): boolean {
  return status === 'ready' || status === 'paused' || status === 'halted';
}
