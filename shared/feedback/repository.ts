import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { batchGet, type Item, ifCondition } from '../platform/dynamo.ts';
import { type FeedbackEvent, isNotSpam, isTracking } from './event.ts';

/** Feedback is kept for 400 days (in seconds), as the deliveries are. */
const keptSeconds = 400 * 86_400;

/** The types of events that prove that a mail went out. A reject proves that it did not. */
const provingTypes = ['send', 'delivery', 'delay', 'bounce', 'complaint', 'open', 'click'];

/** The number of an entry; of the form before entries a text, `writer#number`. */
export type KeptEntry = number | string;

export type FeedbackRepository = ReturnType<typeof createFeedbackRepository>;

/**
 * The only place that knows the keys of feedback in the Deliveries table (docs/storage-schema.md). All feedback about
 * one delivery is one item with an attribute for each kind of event. So keeping an event once is one conditional write,
 * and the proof that a delivery went out is one read of one key.
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
    /** The name of an event: equal for events of the same kind about the same delivery. */
    nameOf: (event: FeedbackEvent) => `${Object.values(keyOf(event)).join(' ')} ${kindOf(event)}`,

    /**
     * Keeps an event.
     * @param entry the number of the digest's entry in which it is counted, if it is
     * @returns false if it was kept before: it stays as it was
     */
    async keep(event: FeedbackEvent, entry?: number): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(event),
            UpdateExpression: 'SET #kind = :event, expiresAt = if_not_exists(expiresAt, :expiresAt)',
            ConditionExpression: 'attribute_not_exists(#kind)',
            ExpressionAttributeNames: { '#kind': kindOf(event) },
            ExpressionAttributeValues: {
              ':event': { ...recordOf(event), ...(entry !== undefined && { entry }) },
              ':expiresAt': Math.floor(event.at / 1000) + keptSeconds,
            },
          }),
        ),
      );
    },

    /** The entry of a kept event; undefined if it is not kept. */
    async entryOf(event: FeedbackEvent): Promise<{ entry?: KeptEntry } | undefined> {
      const { Item: item } = await dynamo.send(
        new GetCommand({
          TableName: tableName,
          Key: keyOf(event),
          ConsistentRead: true,
          ProjectionExpression: '#kind',
          ExpressionAttributeNames: { '#kind': kindOf(event) },
        }),
      );
      return item?.[kindOf(event)] as { entry?: KeptEntry } | undefined;
    },

    /**
     * Moves a kept event to another entry.
     * @returns false if another process has moved it
     */
    async moveTo(event: FeedbackEvent, from: KeptEntry, to: number): Promise<boolean> {
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(event),
            UpdateExpression: 'SET #kind.#entry = :to',
            ConditionExpression: '#kind.#entry = :from',
            ExpressionAttributeNames: { '#kind': kindOf(event), '#entry': 'entry' },
            ExpressionAttributeValues: { ':from': from, ':to': to },
          }),
        ),
      );
    },

    /**
     * The given subscribers for whom an SES event proves that the digest went out. Reads consistently, in one call for
     * 100 subscribers.
     */
    async sentProof(digestId: string, subscriberIds: string[]): Promise<Set<string>> {
      const keys = subscriberIds.map(id => deliveryKey(digestId, id));
      const items = await batchGet(dynamo, tableName, keys);
      return new Set(items.filter(provesSending).map(item => String(item.pk).slice(digestId.length + 1)));
    },

    /** Stores the time (epoch ms) of a delivery to a subscriber, unless a later one is stored. */
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

    /** The time of the last known delivery, epoch ms; undefined if there is none. */
    async lastDelivery(subscriberId: string): Promise<number | undefined> {
      const { Item: item } = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: readerKey(subscriberId), ConsistentRead: true }),
      );
      return item && Number(item.deliveredAt);
    },
  };
}

/** The kind of an event. Events of one kind about one delivery are the same event, in whatever form they come. */
function kindOf(event: FeedbackEvent): string {
  if (event.type === 'other') return `other ${event.rawType}`;
  if (event.type === 'bounce') return `bounce ${event.bounce?.kind}`;
  return isNotSpam(event) ? 'complaint not-spam' : event.type;
}

/** The stored part of an event, without addresses. An open or a click is stored without its time. */
function recordOf(event: FeedbackEvent): Item {
  if (isTracking(event)) return {};
  const { at, sesMessageId, purpose, bounce, complaint } = event;
  return { at, sesMessageId, purpose, bounce, complaint };
}

function provesSending(item: Item): boolean {
  return Object.keys(item).some(name => provingTypes.includes(name.split(' ', 1)[0] ?? ''));
}
