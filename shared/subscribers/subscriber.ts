import * as z from 'zod';

const supportedZones = new Set([...Intl.supportedValuesOf('timeZone'), 'UTC']);

/** The name under which this runtime knows a zone (`Asia/Kolkata` for `asia/kolkata`), or undefined. */
function canonicalZone(name: string): string | undefined {
  // Nearly every call is for a stored name, and asking Intl costs as much as sending a tenth of a mail.
  if (supportedZones.has(name)) return name;
  try {
    const zone = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return supportedZones.has(zone) ? zone : undefined;
  } catch {
    return undefined;
  }
}

const timeZoneSchema = z
  .string()
  .max(64)
  .transform((name, context) => {
    const zone = canonicalZone(name);
    if (zone) return zone;
    context.addIssue({ code: 'custom', message: 'not an IANA time zone, like Europe/Berlin' });
    return z.NEVER;
  });

export const frequencySchema = z.enum(['daily', 'weekdays']);

/** How a reader wants the mail. Every field has a default, so `{}` is valid. */
export const preferencesSchema = z.strictObject({
  frequency: frequencySchema.default('daily'),
  /** Most papers in one mail. */
  maxPapers: z.int().min(1).max(50).default(20),
  timeZone: timeZoneSchema
    .default('UTC')
    .meta({ description: 'An IANA time zone, like Europe/Berlin', type: 'string' }),
  /** Local hour of the mail. */
  sendHour: z.int().min(0).max(23).default(7),
});

export type Preferences = z.infer<typeof preferencesSchema>;

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

/** A request that waits for its confirmation; a newer one replaces it and so voids its link. */
const pendingRequestSchema = z.object({
  nonce: z.string(),
  requestedAt: z.int(),
  preferences: preferencesSchema,
});

/** A delivery that failed for a reason which may pass, as a full mailbox. */
const softBounceSchema = z.object({ at: z.int(), subType: z.string() });

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
  /** Nonce of the request that was confirmed last, so that pressing the button again is friendly. */
  confirmedNonce: z.string().optional(),
  createdAt: z.int(),
  confirmedAt: z.int().optional(),
  unsubscribedAt: z.int().optional(),
  /** The import that created it, and the line of the file: `<import id>#<line>`. */
  importedAs: z.string().optional(),
  /** Counts writes; each is conditional on the one it read. */
  revision: z.int(),
});

export type Subscriber = z.infer<typeof subscriberSchema>;

/** What a sender needs to know of a subscriber. */
export const readerSchema = subscriberSchema.pick({ id: true, address: true, status: true }).extend({
  preferences: z.object({ maxPapers: z.int() }),
});

export type Reader = z.infer<typeof readerSchema>;

/** `zone#hour`: readers whose mail is due at the same time. */
export function sendSlotOf(preferences: Preferences): string {
  return `${preferences.timeZone}#${preferences.sendHour}`;
}
