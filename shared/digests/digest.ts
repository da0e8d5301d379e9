import * as z from 'zod';
import { paperIdSchema } from '../events/ids.ts';
import { emptyReasons } from '../papers/freshness.ts';
import { webAddressSchema } from '../papers/paper.ts';
import { isVisible } from '../papers/text.ts';
import { hour } from '../platform/durations.ts';
import { daySchema } from '../time/day.ts';
import { weekSchema } from '../time/period.ts';

/** `daily-2026-11-23`, or `weekly-2026-W48` by the ISO week of the Saturday that it ends with: those of the public archive. */
export const archiveIdSchema = z
  .string()
  .regex(
    /^(daily-\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|weekly-\d{4}-W(0[1-9]|[1-4]\d|5[0-3]))$/,
    'not a digest id',
  )
  .refine(namesPeriod, 'not a digest id: there is no such day or week');

/** Those, and `welcome-daily-2026-11-23`: the same papers for readers who joined after it came out. */
export const digestIdSchema = z
  .string()
  .regex(
    /^(welcome-)?(daily-\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])|weekly-\d{4}-W(0[1-9]|[1-4]\d|5[0-3]))$/,
    'not a digest id',
  )
  .refine(namesPeriod, 'not a digest id: there is no such day or week');

function namesPeriod(id: string): boolean {
  const [, kind, period] = /^(?:welcome-)?(daily|weekly)-(.*)$/s.exec(id) ?? [];
  return (kind === 'daily' ? daySchema : weekSchema).safeParse(period).success;
}

export const archiveKinds = ['daily', 'weekly'] as const;
export type ArchiveKind = (typeof archiveKinds)[number];

/** A text that is a link: there must be something to see, and to press. */
const linkText = z.string().refine(isVisible, 'there is nothing in it to show');

/** A paper as frozen into a digest: readable text, ready for mail and page. */
export const digestPaperSchema = z.object({
  id: paperIdSchema,
  title: linkText,
  /** One or two sentences: the source's own summary, else the beginning of the abstract. */
  lead: z.string(),
  authors: z.array(z.string()),
  moreAuthors: z.int().nonnegative(),
  upvotes: z.int().nonnegative(),
  url: webAddressSchema,
  pdfUrl: webAddressSchema.optional(),
  codeUrl: webAddressSchema.optional(),
  /** In a weekly: the daily that it was in already. */
  inDaily: digestIdSchema.optional(),
});

/**
 * A paper that is not in a digest, and why: it was in a daily already (`seen`), a curator dropped it, or no mail may hold it
 * (`unfit`).
 */
export const leftOutSchema = z.object({
  id: paperIdSchema,
  reason: z.enum(['seen', 'dropped', 'unfit']),
  inDaily: digestIdSchema.optional(),
  /** Why no mail may hold it, by the preflight. */
  fault: z.string().optional(),
});

/** Where the candidates of a digest are. */
const storedCandidatesSchema = z.object({
  name: z.string(),
  parts: z.int().positive(),
  /** Ids of those that are not among its papers: they may be in somebody's mail, too. */
  more: z.array(paperIdSchema),
});

/**
 * `ready`: frozen, may be planned and sent; `paused`: by a person; `halted`: by itself, because of bounces, complaints, an
 * account that may not send, or a mail that must not go out; both go on after a resume. `cancelled`: what was not sent yet never will be; `finished`:
 * every delivery has ended and no more are planned; `expired`: too old to be read before it was sent out. A cancelled
 * digest stays `cancelled` when all of it has ended: `finishedAt` says of each of these three that it has.
 */
export const digestStatuses = ['ready', 'paused', 'halted', 'cancelled', 'finished', 'expired'] as const;

/** One dated, frozen selection of papers. Times are epoch milliseconds. */
export const digestSchema = z.object({
  id: digestIdSchema,
  kind: z.enum([...archiveKinds, 'welcome']),
  /** The day, or the last one of a week. */
  date: daySchema,
  status: z.enum(digestStatuses),
  subject: linkText,
  /** How many papers there were that day or week; `papers` holds the best of them, best first. */
  papersOfDay: z.int().nonnegative(),
  papers: z.array(digestPaperSchema),
  /** Why it has no papers: a short note that there is nothing new. */
  emptyReason: z.enum(emptyReasons).optional(),
  /** A line from the editor, above the papers. */
  note: z.string().optional(),
  /** What would have been among them, and why it isn't. */
  leftOut: z.array(leftOutSchema).optional(),
  /** Of a test mail alone, whose subject says so. */
  isTest: z.boolean().optional(),
  /** Of a welcome: the digest whose papers it has. */
  source: archiveIdSchema.optional(),
  publishedAt: z.int(),
  /** From then on it is not sent any more: [expired, not late](docs/invariants.md#11). */
  freshUntil: z.int(),
  /** When a planning run over it last came to its end. */
  plannedAt: z.int().optional(),
  /** The mails that were due until then are planned. */
  plannedThrough: z.int().optional(),
  /** Those of the requests below that ask to plan it for everybody at once. */
  forEverybody: z.set(z.string()).optional(),
  /** What an operator asked the planner for and it has not done yet: when each was asked for, ISO 8601. */
  requests: z.set(z.string()).optional(),
  /** Until when a planner, or whoever finishes it, has the sole right to. */
  leaseUntil: z.int().optional(),
  /**
   * When it was seen that every delivery has ended, and whether they add up: [every delivery ends
   * once](docs/invariants.md#2).
   */
  finishedAt: z.int().optional(),
  /** Why it was halted. */
  statusReason: z.string().optional(),
  /** How often papers were taken out since it was frozen. */
  edition: z.int().optional(),
  /** What readers' own selections are made from, kept beside it; missing in digests that were frozen without. */
  candidates: storedCandidatesSchema.optional(),
});

/** What lists have of a digest: what the index of digests by kind and date holds. */
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

/** What may change of it while it is sent. */
export const digestStateSchema = digestSchema.pick({ status: true, freshUntil: true, edition: true });

export type DigestState = z.infer<typeof digestStateSchema>;
export type LeftOut = z.infer<typeof leftOutSchema>;
export type StoredCandidates = z.infer<typeof storedCandidatesSchema>;
export type DigestPaper = z.infer<typeof digestPaperSchema>;
export type Digest = z.infer<typeof digestSchema>;
export type ListedDigest = z.infer<typeof listedDigestSchema>;

/** How long the planner may take to get to what it was asked for (milliseconds), its retries included. */
const requestsLast = hour;

/**
 * Whether deliveries may be planned just now.
 * @returns `planning`: a planner is at work on it or has been asked to be; `askedAt`: since when it has been asked, while it
 *   has not begun (ISO 8601)
 */
export function planningOf({ requests, leaseUntil }: Digest, now: number): { planning: boolean; askedAt?: string } {
  if (leaseUntil !== undefined && leaseUntil > now) return { planning: true };
  const open = [...(requests ?? [])].filter(requestedAt => Date.parse(requestedAt) > now - requestsLast);
  const askedAt = open.toSorted()[0];
  return { planning: askedAt !== undefined, ...(askedAt && { askedAt }) };
}

/** Whether something may still be sent of it, now or after a resume. */
export function isOpen({ status }: Pick<Digest, 'status'>): boolean {
  return status === 'ready' || status === 'paused' || status === 'halted';
}
