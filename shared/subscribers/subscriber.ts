import * as z from 'zod';
import { day } from '../platform/durations.ts';
import { preferencesSchema } from './preferences.ts';
import { tasteSchema } from './taste.ts';

export { type Preferences, preferencesSchema } from './preferences.ts';

/** `pending` → `active` → `unsubscribed`, `bounced`, `complained` or `erased`. */
export const subscriberStatuses = ['pending', 'active', 'unsubscribed', 'bounced', 'complained', 'erased'] as const;

/** Why somebody is not written to any more, in `statusReason`. */
export const statusReasons = {
  complaint: 'complaint',
  hardBounce: 'hard bounce',
  /** SES did not even try: the address is on the account's own list because of something earlier. */
  accountSuppression: 'account suppression list',
  softBounces: 'soft bounces',
  /** The service that it was imported from said so. */
  imported: 'imported',
} as const;

/** A request that waits for its confirmation. */
const requestSchema = z.object({
  nonce: z.string(),
  requestedAt: z.int(),
  preferences: preferencesSchema,
  /** The subscriber who moves here, and stops once this is confirmed. */
  replaces: z.string().optional(),
  /** Of that subscriber's links, when they asked: once those are taken back, so is the move. */
  moverGeneration: z.string().optional(),
});

export type PendingRequest = z.infer<typeof requestSchema>;

/** The newest request, and those before it whose links still work: each of the mails proves the same mailbox. */
const pendingRequestSchema = requestSchema.extend({ earlier: z.array(requestSchema).optional() });

/** A delivery that failed for a reason which may pass, as a full mailbox. */
const softBounceSchema = z.object({ at: z.int(), subType: z.string() });

/** Why somebody left, if they care to say. */
export const leaveReasons = ['too-many', 'not-relevant', 'quality', 'not-requested', 'other'] as const;

export type LeaveReason = (typeof leaveReasons)[number];

/** One e-mail identity. Times are epoch milliseconds. */
export const subscriberSchema = z.object({
  id: z.string(),
  address: z.string(),
  status: z.enum(subscriberStatuses),
  /** Why it bounced or complained: one of `statusReasons`. */
  statusReason: z.string().optional(),
  /** Soft bounces since the last delivery, oldest first. */
  softBounces: z.array(softBounceSchema).optional(),
  preferences: preferencesSchema,
  pendingRequest: pendingRequestSchema.optional(),
  /** The mail with a manage link that went out last: the queue message it was for, and when. */
  linkMail: z.object({ nonce: z.string(), at: z.int() }).optional(),
  /** At a host of throw-away mailboxes. */
  disposable: z.boolean().optional(),
  /** The subscriber who moved here. */
  replaces: z.string().optional(),
  /** They were a reader here already when that subscriber moved here. */
  subscribedBefore: z.boolean().optional(),
  /** Whom they moved to, by the request with this nonce, and when; `toldAt`: when they were mailed so. */
  movedTo: z.object({ id: z.string(), nonce: z.string(), at: z.int(), toldAt: z.int().optional() }).optional(),
  /** The move that they took back last. */
  takenBack: z.object({ id: z.string(), nonce: z.string() }).optional(),
  /** Of their links (`isCurrent`), since links were taken back for the first time. */
  linkGeneration: z.string().optional(),
  /** As whom they vote, of whoever moved here from another mailbox: else it follows from the address (`voterOf`). */
  voter: z.string().optional(),
  /** Nonce of the request that was confirmed last, so that pressing the button again is friendly. */
  confirmedNonce: z.string().optional(),
  /** Nonces of the sign-ups that were confirmed with it, so that the button of their mails is friendly, too. */
  alsoConfirmed: z.array(z.string()).optional(),
  createdAt: z.int(),
  confirmedAt: z.int().optional(),
  /**
   * When they became a reader by a confirmation; coming back within a day is none. They are welcomed with what came out
   * before, and planned for what comes out after.
   */
  joinedAt: z.int().optional(),
  unsubscribedAt: z.int().optional(),
  leaveReason: z.enum(leaveReasons).optional(),
  /** The import that created it, and the line of the file: `<import id>#<line>`. */
  importedAs: z.string().optional(),
  /** Counts writes; each is conditional on the one it read. */
  revision: z.int(),
});

export type Subscriber = z.infer<typeof subscriberSchema>;

/** What a sender needs to know of a subscriber. */
export const readerSchema = subscriberSchema
  .pick({ id: true, address: true, status: true, linkGeneration: true })
  .extend({
    preferences: preferencesSchema.pick({
      topics: true,
      authors: true,
      muted: true,
      maxPapers: true,
      minScore: true,
      learned: true,
      timeZone: true,
      pausedUntil: true,
      dateLanguage: true,
    }),
    taste: tasteSchema.optional(),
  });

export type Reader = z.infer<typeof readerSchema>;

/** Whether nobody may write to an address any more: a stop after soft bounces may be lifted. */
export function isStoppedForGood({ status, statusReason }: Pick<Subscriber, 'status' | 'statusReason'>): boolean {
  return status === 'complained' || (status === 'bounced' && statusReason !== statusReasons.softBounces);
}

/** Unconfirmed requests vanish after 7 days (milliseconds). */
const requestLifetime = 7 * day;

/** When an unconfirmed subscriber vanishes, epoch milliseconds; undefined for any other. */
export function vanishesAt(
  subscriber: Pick<Subscriber, 'status' | 'pendingRequest' | 'createdAt'>,
): number | undefined {
  if (subscriber.status !== 'pending') return undefined;
  return (subscriber.pendingRequest?.requestedAt ?? subscriber.createdAt) + requestLifetime;
}

/** Whether a subscriber has vanished, though DynamoDB, which takes its time (up to days), may not have deleted it yet. */
export function hasVanished(subscriber: Subscriber, now: number): boolean {
  return now >= (vanishesAt(subscriber) ?? Number.POSITIVE_INFINITY);
}

/** Most earlier requests that are kept: as many as one mailbox can make in the 48 hours that a link works. */
export const mostEarlier = 20;

/** Every request whose link may still work, the newest first. */
export function requestsOf({ pendingRequest }: Pick<Subscriber, 'pendingRequest'>): PendingRequest[] {
  if (!pendingRequest) return [];
  const { earlier = [], ...newest } = pendingRequest;
  return [newest, ...earlier];
}

/** Whether a confirmation link has done its work: its own, or that of a sign-up that was confirmed with it. */
export function isConfirmed(
  { status, confirmedNonce, alsoConfirmed = [] }: Pick<Subscriber, 'status' | 'confirmedNonce' | 'alsoConfirmed'>,
  nonce: string,
): boolean {
  return status === 'active' && [confirmedNonce, ...alsoConfirmed].includes(nonce);
}

/** Puts requests, the newest first, in the form in which they are stored; none is none. */
export function pendingOf(requests: PendingRequest[]): Subscriber['pendingRequest'] {
  const [newest, ...earlier] = requests;
  return newest && { ...newest, ...(earlier.length > 0 && { earlier: earlier.slice(0, mostEarlier) }) };
}

/** The newest request that waits for its confirmation, unless it is too old. */
export function livePendingRequest(subscriber: Subscriber, now: number): Subscriber['pendingRequest'] {
  const request = subscriber.pendingRequest;
  return request && now < request.requestedAt + requestLifetime ? request : undefined;
}

/** A subscriber without what a fresh confirmation ends: what waited for it, their leaving, and moves from here and to here. */
export function withoutPast(subscriber: Subscriber): Subscriber {
  const {
    pendingRequest: _,
    unsubscribedAt: __,
    leaveReason: ___,
    replaces: ____,
    subscribedBefore: _____,
    movedTo: ______,
    ...rest
  } = subscriber;
  return rest;
}
