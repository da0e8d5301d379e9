import * as z from 'zod';
import { digestIdSchema } from '../digests/digest.ts';
import { UnknownEventError } from '../events/kind.ts';
import { parseJson, topicMessageIn } from '../events/messages.ts';
import { type ReceivedMail, receivedMailSchema } from './received-mail.ts';

/** A report of SES about one message, in the project's own terms. */
export interface FeedbackEvent {
  type: 'send' | 'delivery' | 'delay' | 'bounce' | 'complaint' | 'reject' | 'open' | 'click' | 'other';
  /** SES's own name of the type, such as `Rendering Failure`. */
  rawType: string;
  sesMessageId: string;
  /** The time of the event, epoch ms. */
  at: number;
  /** From the tags of the message. An identity notification has no tags. */
  digestId?: string;
  subscriberId?: string;
  purpose?: string;
  /** The bare addresses that the event is about. They are never logged or stored. */
  recipients: string[];
  /** The domain that the message was sent to; the same in all events of one message. */
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

/** The note that SES sends once when a topic is attached; it concerns no message. */
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
/** The characters that SES allows in names and values of tags. */
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
 * The part of a record that is named after its type. Any field may be missing or new: the event is kept all the same.
 * The IP, browser and link of an open or a click are not read, as no code needs them.
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
 * Reads the body of a queue message: an SNS envelope, or the record itself if the subscription delivers raw messages.
 * @param body parsed JSON
 * @returns undefined for the note that a topic has been attached
 * @throws UnknownEventError if the body is not from SES: it belongs in the dead-letter queue
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

export const feedbackMessageSchema = z.unknown().transform(readFeedback);

/** Whether an event is an open or a click of a tracked mail. */
export function isTracking({ type }: FeedbackEvent): boolean {
  return type === 'open' || type === 'click';
}

/** Whether a complaint is the opposite of one: the reader moved the message out of the spam folder. */
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
    // Send, reject and rendering failure have no time of their own: then the time of the mail counts.
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

/**
 * Removes addresses, which mail servers quote and which must not be stored. A cut last word may be the beginning of
 * one.
 */
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

/** `Jane Doe <jane@example.org>` → `jane@example.org`. A text that is too long for a name and an address gives `''`. */
function bareAddress(text: string): string {
  if (text.length > longestRead) return '';
  return /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.trim();
}

function domainOf(address: string): string {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return /^[a-z0-9.-]{1,253}$/.test(domain) ? domain : 'unknown';
}
