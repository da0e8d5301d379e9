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
