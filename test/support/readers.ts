import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { tableName } from '../../local/tables.ts';
import type { WelcomeOutbox } from '../../shared/deliveries/welcome-outbox.ts';
import { batchPut } from '../../shared/platform/dynamo.ts';
import { type KeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import type { SubscriberRepository } from '../../shared/subscribers/repository.ts';
import { preferencesSchema, type Subscriber } from '../../shared/subscribers/subscriber.ts';

/** A confirmed reader, not stored yet. */
export function readerOf(keys: KeyRing, address: string, preferences: Record<string, unknown> = {}): Subscriber {
  return {
    id: subscriberIdOf(keys, address),
    address,
    status: 'active',
    preferences: preferencesSchema.parse(preferences),
    createdAt: 0,
    confirmedAt: 0,
    revision: 0,
  };
}

/** Stores a reader who joins just now, as a confirmation does. @returns their id */
export async function joinNow(
  world: { keys: KeyRing; clock: { now: number }; welcomes: WelcomeOutbox; subscribers: SubscriberRepository },
  address: string,
  preferences: Record<string, unknown> = {},
  fields: Partial<Subscriber> = {},
): Promise<string> {
  const reader = { ...readerOf(world.keys, address, preferences), joinedAt: world.clock.now, ...fields };
  await world.welcomes.expect(reader.id, world.clock.now);
  await world.subscribers.put(reader);
  return reader.id;
}

/** Stores `count` confirmed readers. */
export async function addReaders(
  subscribers: SubscriberRepository,
  keys: KeyRing,
  count: number,
  preferences: Record<string, unknown> = {},
): Promise<Subscriber[]> {
  const readers = Array.from({ length: count }, (_, index) =>
    readerOf(keys, `reader${index}@example.org`, preferences),
  );
  await Promise.all(readers.map(reader => subscribers.put(reader)));
  return readers;
}

/** Stores many confirmed readers at once, all in UTC; their zone must be in use. */
export async function storeReaders(
  dynamo: DynamoDBDocumentClient,
  keys: KeyRing,
  count: number,
  sendHour: number,
): Promise<void> {
  const items = Array.from({ length: count }, (_, index) => {
    const { id, ...reader } = readerOf(keys, `reader${index}@example.org`, { sendHour });
    return { pk: id, sk: 'subscriber', ...reader, revision: 1, sendSlot: `UTC#${sendHour}` };
  });
  await batchPut(dynamo, tableName('Subscribers'), items);
}
