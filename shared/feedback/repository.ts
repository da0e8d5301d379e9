import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, type Item, ifCondition } from '../platform/dynamo.ts';
import { type FeedbackEvent, isNotSpam, isTracking } from './event.ts';
import type { Entry } from './ledger.ts';

/** Feedback is kept as long as the deliveries that it is about: 400 days. */
const keptSeconds = 400 * 86_400;

/** SES tried to bring the message to its reader: each of these proves that it went out. A reject proves it did not. */
const provingTypes = ['send', 'delivery', 'delay', 'bounce', 'complaint', 'open', 'click'];

export type FeedbackRepository = ReturnType<typeof createFeedbackRepository>;

/**
 * The only place that knows the keys of feedback in the Deliveries table (docs/storage-schema.md). All that was reported
 * about one delivery is one item with an attribute for each kind of event, so that keeping an event once is one
 * conditional write, and the proof that a delivery went out is one read of one key.
 */
export function createFeedbackRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  const deliveryKey = (digestId: string, subscriberId: string) => ({
    pk: `${digestId}#${subscriberId}`,
    sk: 'feedback',
  });
  const readerKey = (subscriberId: string) => ({ pk: subscriberId, sk: 'delivered' });

  function keyOf(event: FeedbackEvent) {
    const { digestId, subscriberId, sesMessageId } = event;
    if (digestId && subscriberId) return deliveryKey(digestId, subscriberId);
    return { pk: subscriberId ?? `message#${sesMessageId}`, sk: `feedback#${sesMessageId}` };
  }

  return {
    /** The same for events that are the same one: of the same kind, about the same delivery. */
    nameOf: (event: FeedbackEvent) => `${Object.values(keyOf(event)).join(' ')} ${kindOf(event)}`,

    /**
     * Keeps an event.
     * @param entry in which it will be counted, if it is
     * @returns false when it was kept before: it stays as it was
     */
    async keep(event: FeedbackEvent, entry?: Entry): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(event),
            UpdateExpression: 'SET #kind = :event, expiresAt = if_not_exists(expiresAt, :expiresAt)',
            ConditionExpression: 'attribute_not_exists(#kind)',
            ExpressionAttributeNames: { '#kind': kindOf(event) },
            ExpressionAttributeValues: {
              ':event': { ...recordOf(event), ...(entry && { entry: textOf(entry) }) },
              ':expiresAt': Math.floor(event.at / 1000) + keptSeconds,
            },
          }),
        ),
      );
    },

    /** In which entry a kept event is, or is to be, counted; undefined when it is not kept. */
    async entryOf(event: FeedbackEvent): Promise<{ entry?: Entry; inDomain: boolean } | undefined> {
      const { Item: item } = await dynamo.send(
        new GetCommand({
          TableName: tableName,
          Key: keyOf(event),
          ConsistentRead: true,
          ProjectionExpression: '#kind',
          ExpressionAttributeNames: { '#kind': kindOf(event) },
        }),
      );
      const kept = item?.[kindOf(event)] as { entry?: string; inDomain?: boolean } | undefined;
      return kept && { ...(kept.entry && { entry: entryFrom(kept.entry) }), inDomain: kept.inDomain === true };
    },

    /**
     * Has a kept event counted in another entry.
     * @param inDomain it has been added to the counts of its domain already
     * @returns false when it has been moved by somebody else
     */
    async moveTo(event: FeedbackEvent, from: Entry, to: Entry, inDomain: boolean): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(event),
            UpdateExpression: 'SET #kind.entry = :to, #kind.inDomain = :inDomain',
            ConditionExpression: '#kind.entry = :from',
            ExpressionAttributeNames: { '#kind': kindOf(event) },
            ExpressionAttributeValues: { ':from': textOf(from), ':to': textOf(to), ':inDomain': inDomain },
          }),
        ),
      );
    },

    /**
     * Of these subscribers, those to whom SES's own word proves that the digest went out. Read consistently, one call
     * for each 100.
     */
    async sentProof(digestId: string, subscriberIds: string[]): Promise<Set<string>> {
      const keys = subscriberIds.map(id => deliveryKey(digestId, id));
      const items = await batchGet(dynamo, tableName, keys);
      return new Set(items.filter(provesSending).map(item => String(item.pk).slice(digestId.length + 1)));
    },

    /** Notes when mail last arrived at a subscriber's mailbox (epoch ms). An older time changes nothing. */
    async noteDelivered(subscriberId: string, at: number): Promise<void> {
      await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: readerKey(subscriberId),
            UpdateExpression: 'SET deliveredAt = :at, expiresAt = :expiresAt',
            ConditionExpression: 'attribute_not_exists(deliveredAt) OR deliveredAt < :at',
            ExpressionAttributeValues: { ':at': at, ':expiresAt': Math.floor(at / 1000) + keptSeconds },
          }),
        ),
      );
    },

    /** When mail last arrived there, epoch ms; undefined when none did that is known of. */
    async lastDelivery(subscriberId: string): Promise<number | undefined> {
      const { Item: item } = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: readerKey(subscriberId), ConsistentRead: true }),
      );
      return item && Number(item.deliveredAt);
    },
  };
}

/** Events of the same kind about the same delivery are the same event, however often and in which form they come. */
function kindOf(event: FeedbackEvent): string {
  if (event.type === 'other') return `other ${event.rawType}`;
  if (event.type === 'bounce') return `bounce ${event.bounce?.kind}`;
  return isNotSpam(event) ? 'complaint not-spam' : event.type;
}

/** One text, which can be compared in a condition. */
const textOf = ({ writer, number }: Entry) => `${writer}#${number}`;

function entryFrom(text: string): Entry {
  const [writer = '', number] = text.split('#');
  return { writer, number: Number(number) };
}

/** What is stored of an event: no address; and of an open or a click not even when it was, only that there was one. */
function recordOf(event: FeedbackEvent): Item {
  if (isTracking(event)) return {};
  const { at, sesMessageId, purpose, bounce, complaint } = event;
  return { at, sesMessageId, purpose, bounce, complaint };
}

function provesSending(item: Item): boolean {
  return Object.keys(item).some(name => provingTypes.includes(name.split(' ', 1)[0] ?? ''));
}
