import * as z from 'zod';
import { day } from '../platform/durations.ts';
import { instantSchema } from '../time/instant.ts';
import { preferencesSchema } from './preferences.ts';
import { tasteSchema } from './taste.ts';

export { type Preferences, preferencesSchema } from './preferences.ts';

/** `pending` → `active` → `unsubscribed`, `bounced`, `complained` or `erased`. */
export const subscriberStatuses = ['pending', 'active', 'unsubscribed', 'bounced', 'complained', 'erased'] as const;

/** The reasons for a bounced or complained status. */
export const statusReasons = {
  complaint: 'complaint',
  hardBounce: 'hard bounce',
  /** SES did not try to deliver: an earlier event put the address on the account's own list. */
  accountSuppression: 'account suppression list',
  softBounces: 'soft bounces',
  /** The service that wrote the imported file says so. */
  imported: 'imported',
} as const;

/** A request that waits for its confirmation. */
const requestSchema = z.object({
  nonce: z.string(),
  requestedAt: instantSchema,
  preferences: preferencesSchema,
  /** The id of the subscriber who moves to this address. It stops once this request is confirmed. */
  replaces: z.string().optional(),
  /** The mover's `linkGeneration` at the time of the request. Taking those links back ends the move, too. */
  moverGeneration: z.string().optional(),
});

export type PendingRequest = z.infer<typeof requestSchema>;

/** The newest request, with the earlier ones whose links still work: each of these mails proves the same mailbox. */
const pendingRequestSchema = requestSchema.extend({ earlier: z.array(requestSchema).optional() });

/** A delivery that failed for a passing reason, such as a full mailbox. */
const softBounceSchema = z.object({ at: instantSchema, subType: z.string() });

/** The reasons for leaving that a reader can choose from. */
export const leaveReasons = ['too-many', 'not-relevant', 'quality', 'not-requested', 'other'] as const;

export type LeaveReason = (typeof leaveReasons)[number];

/** One e-mail identity. Times are epoch milliseconds. */
export const subscriberSchema = z.object({
  id: z.string(),
  address: z.string().includes('@'),
  status: z.enum(subscriberStatuses),
  /** One of `statusReasons`, if bounced or complained. */
  statusReason: z.string().optional(),
  /** Soft bounces since the last delivery, oldest first. */
  softBounces: z.array(softBounceSchema).optional(),
  preferences: preferencesSchema,
  pendingRequest: pendingRequestSchema.optional(),
  /** The last mail with a manage link: the nonce made from its queue message, and its time. */
  linkMail: z.object({ nonce: z.string(), at: instantSchema }).optional(),
  /** The address is at a host of throw-away mailboxes. */
  disposable: z.boolean().optional(),
  /** The id of the subscriber who moved to this address. */
  replaces: z.string().optional(),
  /** This address had an active subscription already when that subscriber moved to it. */
  subscribedBefore: z.boolean().optional(),
  /**
   * The move to another subscriber, by the request with this nonce. `toldAt`: the time of the mail to the old address.
   */
  movedTo: z
    .object({ id: z.string(), nonce: z.string(), at: instantSchema, toldAt: instantSchema.optional() })
    .optional(),
  takenBack: z.object({ id: z.string(), nonce: z.string() }).optional(),
  /** They have saved a paper: only for such readers are saved papers looked up when a mail is sent. */
  hasSaved: z.boolean().optional(),
  /** The generation of the links (`isCurrent`). Missing until links are taken back for the first time. */
  linkGeneration: z.string().optional(),
  /** The voter id of a subscriber who moved here from another mailbox. Else it follows from the address (`voterOf`). */
  voter: z.string().optional(),
  /** The nonce of the request that was confirmed last, so that its button succeeds again. */
  confirmedNonce: z.string().optional(),
  /** The nonces of the sign-ups that were confirmed with it, so that their buttons succeed, too. */
  alsoConfirmed: z.array(z.string()).optional(),
  createdAt: instantSchema,
  confirmedAt: instantSchema.optional(),
  /**
   * The time when a confirmation made the subscriber a reader. Confirming again within 24 hours of it leaves it as it
   * was. The welcome mail holds the digest from before this time; the planner plans digests from after it.
   */
  joinedAt: instantSchema.optional(),
  unsubscribedAt: instantSchema.optional(),
  leaveReason: z.enum(leaveReasons).optional(),
  /** The import that created it, and the line of the file: `<import id>#<line>`. */
  importedAs: z.string().optional(),
  /** Counts writes. A write is refused unless the stored revision is the one that it read. */
  revision: z.int(),
});

export type Subscriber = z.infer<typeof subscriberSchema>;

/** The part of a subscriber that a sender reads. */
export const readerSchema = subscriberSchema
  .pick({ id: true, address: true, status: true, linkGeneration: true, hasSaved: true })
  .extend({
    preferences: preferencesSchema.pick({
      frequency: true,
      sendHour: true,
      topics: true,
      authors: true,
      muted: true,
      maxPapers: true,
      minScore: true,
      onlyMine: true,
      learned: true,
      pictures: true,
      timeZone: true,
      pausedUntil: true,
      dateLanguage: true,
    }),
    taste: tasteSchema.optional(),
  });

export type Reader = z.infer<typeof readerSchema>;

/** Whether an address may never be written to again. A stop after soft bounces may be lifted. */
export function isStoppedForGood({ status, statusReason }: Pick<Subscriber, 'status' | 'statusReason'>): boolean {
  return status === 'complained' || (status === 'bounced' && statusReason !== statusReasons.softBounces);
}

/** The time (milliseconds) after which an unconfirmed request vanishes. */
export const requestLifetime = 7 * day;

/** The time when an unconfirmed subscriber vanishes, epoch ms; undefined for any other subscriber. */
export function vanishesAt(
  subscriber: Pick<Subscriber, 'status' | 'pendingRequest' | 'createdAt'>,
): number | undefined {
  if (subscriber.status !== 'pending') return undefined;
  return (subscriber.pendingRequest?.requestedAt ?? subscriber.createdAt) + requestLifetime;
}

/** Whether a subscriber has vanished. DynamoDB may delete the item days later. */
export function hasVanished(subscriber: Subscriber, now: number): boolean {
  return now >= (vanishesAt(subscriber) ?? Number.POSITIVE_INFINITY);
}

/** The most earlier requests kept: as many as one mailbox can make in the 48 hours for which a link works. */
export const mostEarlier = 20;

/** The requests whose links may still work, the newest first. */
export function requestsOf({ pendingRequest }: Pick<Subscriber, 'pendingRequest'>): PendingRequest[] {
  if (!pendingRequest) return [];
  const { earlier = [], ...newest } = pendingRequest;
  return [newest, ...earlier];
}

/** Whether the request with this nonce is confirmed: by its own link, or together with another sign-up. */
export function isConfirmed(
  { status, confirmedNonce, alsoConfirmed = [] }: Pick<Subscriber, 'status' | 'confirmedNonce' | 'alsoConfirmed'>,
  nonce: string,
): boolean {
  return status === 'active' && [confirmedNonce, ...alsoConfirmed].includes(nonce);
}

/** The stored form of requests, the newest first; undefined if there are none. */
export function pendingOf(requests: PendingRequest[]): Subscriber['pendingRequest'] {
  const [newest, ...earlier] = requests;
  return newest && { ...newest, ...(earlier.length > 0 && { earlier: earlier.slice(0, mostEarlier) }) };
}

/** The newest unconfirmed request, unless it has vanished. */
export function livePendingRequest(subscriber: Subscriber, now: number): Subscriber['pendingRequest'] {
  const request = subscriber.pendingRequest;
  return request && now < request.requestedAt + requestLifetime ? request : undefined;
}

/**
 * A subscriber without the fields that a fresh confirmation ends: pending requests, departure, moves from and to here.
 */
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
