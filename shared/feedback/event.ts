import * as z from 'zod';
import { digestIdSchema } from '../digests/digest.ts';
import { UnknownEventError } from '../events/kind.ts';
import { parseJson, topicMessageIn } from '../events/messages.ts';
import { type ReceivedMail, receivedMailSchema } from './received-mail.ts';

/** What SES reports about one message, in the project's own words. */
export interface FeedbackEvent {
  type: 'send' | 'delivery' | 'delay' | 'bounce' | 'complaint' | 'reject' | 'open' | 'click' | 'other';
  /** SES's own name of the type, as `Rendering Failure` or one that is not known yet. */
  rawType: string;
  sesMessageId: string;
  /** When it happened, epoch ms. */
  at: number;
  /** From the message's tags; an identity notification has none. */
  digestId?: string;
  subscriberId?: string;
  purpose?: string;
  /** Bare addresses that it is about. Never logged or stored. */
  recipients: string[];
  /** Domain that the message was sent to; the same in all events of one message. */
  domain: string;
  bounce?: { kind: 'permanent' | 'transient' | 'undetermined'; subType: string; diagnostic?: string };
  complaint?: { feedbackType?: string; subType?: string };
}

const types: Record<string, FeedbackEvent['type']> = {
  Send: 'send',
  Delivery: 'delivery',
  DeliveryDelay: 'delay',
  Bounce: 'bounce',
  Complaint: 'complaint',
  Reject: 'reject',
  Open: 'open',
  Click: 'click',
};
const bounceKinds: Record<string, 'permanent' | 'transient'> = { Permanent: 'permanent', Transient: 'transient' };

/** What SES and SNS say once when a topic is attached: nothing to do with any message. */
const attachedText = /^Successfully validated SNS topic for Amazon SES/;
const attachedType = 'AmazonSnsSubscriptionSucceeded';

const reader = 'The reader of feedback';
const expected = 'what SES reports of a mail';

const instant = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue({ code: 'custom', message: 'not a time' });
  return z.NEVER;
});
/** SES allows these in names and values of tags. */
const tag = z.string().regex(/^[\w-]{1,256}$/);
const shortText = z.string().transform(text => text.slice(0, 200));
const texts = z.array(z.string()).catch([]);

const mailSchema = z.object({
  timestamp: instant,
  messageId: z.string().min(1).max(200),
  destination: texts,
  tags: z.record(z.string(), z.unknown()).catch({}),
});

const recipientSchema = z.object({ emailAddress: z.string(), diagnosticCode: z.string().optional().catch(undefined) });
const recipientsSchema = z
  .array(recipientSchema.optional().catch(undefined))
  .transform(list => list.filter(recipient => recipient !== undefined))
  .catch([]);

/**
 * The part that is named after the type. Everything in it may be missing or be new: an event is kept all the same. IP, browser
 * and link of an open or a click are not read: nothing needs them.
 */
const detailSchema = z
  .object({
    timestamp: instant.optional().catch(undefined),
    recipients: texts,
    bouncedRecipients: recipientsSchema,
    complainedRecipients: recipientsSchema,
    delayedRecipients: recipientsSchema,
    bounceType: z.string().catch(''),
    bounceSubType: shortText.catch('Undetermined'),
    complaintFeedbackType: shortText.optional().catch(undefined),
    complaintSubType: shortText.optional().catch(undefined),
  })
  .partial()
  .catch({});

/** An event-publishing record names its type in `eventType`, an identity notification in `notificationType`. */
const recordSchema = z
  .looseObject({
    eventType: z.string().min(1).max(100).optional(),
    notificationType: z.string().min(1).max(100).optional(),
    mail: mailSchema,
  })
  .transform((record, context): FeedbackEvent => {
    const rawType = record.eventType ?? record.notificationType;
    if (rawType) return toEvent(rawType, record.mail, record[rawType.charAt(0).toLowerCase() + rawType.slice(1)]);
    context.addIssue({ code: 'custom', message: 'neither eventType nor notificationType' });
    return z.NEVER;
  });

/**
 * Reads the body of a queue message: an SNS envelope, or the record itself where the subscription delivers raw messages.
 * @param body parsed JSON
 * @returns undefined for the note by which SES and SNS say that the topic has been attached
 * @throws UnknownEventError when it is not SES's: it belongs in the dead-letter queue
 * @see https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export function readFeedback(body: unknown): FeedbackEvent | ReceivedMail | undefined {
  const record = unwrap(body);
  if (record === undefined) return undefined;
  const received = receivedMailSchema.safeParse(record);
  if (received.success) return received.data;
  const parsed = recordSchema.safeParse(record);
  if (parsed.success) return parsed.data;
  throw new UnknownEventError(reader, record, expected, parsed.error);
}

/** What the queue carries. */
export const feedbackMessageSchema = z.unknown().transform(readFeedback);

/** What a reader did with a mail that was tracked. */
export function isTracking({ type }: FeedbackEvent): boolean {
  return type === 'open' || type === 'click';
}

/** A complaint that is none: the reader took the message out of the spam folder. */
export function isNotSpam(event: FeedbackEvent): boolean {
  return event.complaint?.feedbackType?.toLowerCase() === 'not-spam';
}

function unwrap(body: unknown): unknown {
  const text = topicMessageIn(body);
  let record = body;
  if (text !== undefined) {
    if (attachedText.test(text)) return undefined;
    const json = parseJson(text);
    if (!json) throw new UnknownEventError(reader, text, expected);
    record = json.value;
  }
  if (z.object({ notificationType: z.literal(attachedType) }).safeParse(record).success) return undefined;
  return record === undefined ? null : record;
}

function toEvent(rawType: string, mail: z.output<typeof mailSchema>, body: unknown): FeedbackEvent {
  const type = Object.hasOwn(types, rawType) ? (types[rawType] ?? 'other') : 'other';
  const detail = detailSchema.parse(body);
  const { bouncedRecipients = [], complainedRecipients = [], delayedRecipients = [], recipients = [] } = detail;
  const affected = [...bouncedRecipients, ...complainedRecipients, ...delayedRecipients];
  const named = [...affected.map(recipient => recipient.emailAddress), ...recipients].map(bareAddress);
  const destination = mail.destination.map(bareAddress);
  const about = named.length > 0 ? named : destination;
  const digestId = digestIdSchema.safeParse(firstTag(mail.tags, 'digest')).data;
  const subscriberId = firstTag(mail.tags, 'subscriber');
  const purpose = firstTag(mail.tags, 'purpose');
  return {
    type,
    rawType,
    sesMessageId: mail.messageId,
    // Send, reject and rendering failure have no time of their own.
    at: detail.timestamp ?? mail.timestamp,
    ...(digestId && { digestId }),
    ...(subscriberId && { subscriberId }),
    ...(purpose && { purpose }),
    recipients: about,
    domain: domainOf(destination[0] ?? about[0] ?? ''),
    ...(type === 'bounce' && { bounce: bounceOf(detail) }),
    ...(type === 'complaint' && { complaint: complaintOf(detail) }),
  };
}

function bounceOf(detail: z.output<typeof detailSchema>): NonNullable<FeedbackEvent['bounce']> {
  const { bounceType = '', bounceSubType = 'Undetermined', bouncedRecipients = [] } = detail;
  const kind = (Object.hasOwn(bounceKinds, bounceType) && bounceKinds[bounceType]) || 'undetermined';
  const said = bouncedRecipients.find(recipient => recipient.diagnosticCode)?.diagnosticCode;
  const diagnostic = said && withoutAddresses(said);
  return { kind, subType: bounceSubType, ...(diagnostic && { diagnostic }) };
}

const longestRead = 1_000;
const longestKept = 300;

/** Mail servers quote the address; what is stored carries none. A word that was cut may be the beginning of one. */
function withoutAddresses(said: string): string {
  const parts = said.slice(0, longestRead).split(/([\s<>"'(),;:]+)/);
  if (said.length > longestRead) parts.pop();
  return parts
    .map(part => (part.includes('@') ? '…@…' : part))
    .join('')
    .slice(0, longestKept);
}

function complaintOf(detail: z.output<typeof detailSchema>): NonNullable<FeedbackEvent['complaint']> {
  const { complaintFeedbackType: feedbackType, complaintSubType: subType } = detail;
  return { ...(feedbackType && { feedbackType }), ...(subType && { subType }) };
}

/** SES gives each tag as a list of values. */
function firstTag(tags: Record<string, unknown>, name: string): string | undefined {
  const values = Object.hasOwn(tags, name) ? tags[name] : undefined;
  return tag.safeParse(Array.isArray(values) ? values[0] : undefined).data;
}

/** `Jane Doe <jane@example.org>` → `jane@example.org`; nothing of what is too long for a name and an address. */
function bareAddress(text: string): string {
  if (text.length > longestRead) return '';
  return /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.trim();
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return /^[a-z0-9.-]{1,253}$/.test(domain) ? domain : 'unknown';
}
