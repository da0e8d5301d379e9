import { type Outcome, simulatorOutcome } from '../../local/ses/feedback.ts';
import { type KeyRing, subscriberIdOf } from '../../shared/subscribers/keys.ts';
import type { SubscriberRepository } from '../../shared/subscribers/repository.ts';
import { preferencesSchema, type Subscriber } from '../../shared/subscribers/subscriber.ts';

/** Two zones, three hours: few enough for batches that are full, enough for readers who change from one to another. */
const zones = ['UTC', 'Europe/Berlin'];
const hours = [7, 8, 9];

/**
 * The audience, the same for every seed. Of 40 readers, one has left, one has bounced and one has complained before; of
 * 100, one has an address that SES refuses, one an address that bounces and one whose reader complains.
 */
export function makeReaders(keys: KeyRing, count: number): Subscriber[] {
  return Array.from({ length: count }, (_, index) => {
    const address = addressOf(index);
    return {
      id: subscriberIdOf(keys, address.toLowerCase()),
      address,
      status: statusOf(index),
      preferences: preferencesSchema.parse(preferencesOf(index)),
      createdAt: 0,
      confirmedAt: 0,
      revision: 0,
    };
  });
}

/** A zone and hour that depend on the number alone. */
export function preferencesOf(number: number): { timeZone: string; sendHour: number } {
  const timeZone = zones[number % zones.length] ?? 'UTC';
  return { timeZone, sendHour: hours[Math.floor(number / zones.length) % hours.length] ?? 7 };
}

function addressOf(index: number): string {
  // SES refuses a local part with an accent.
  if (index % 100 === 51) return `pöisoned${index}@example.org`;
  if (index % 100 === 52) return `bounce+${index}@simulator.amazonses.com`;
  if (index % 100 === 53) return `complaint+${index}@simulator.amazonses.com`;
  return `reader${index}@example.org`;
}

function statusOf(index: number): Subscriber['status'] {
  const gone: Record<number, Subscriber['status']> = { 5: 'unsubscribed', 15: 'bounced', 25: 'complained' };
  return gone[index % 40] ?? 'active';
}

/** The outcome of a mail to a reader: of ten readers, one opens it and one follows a link in it. */
export function outcomeOf(address: string): Outcome {
  if (/^reader\d*3@/.test(address)) return 'opened';
  return /^reader\d*7@/.test(address) ? 'clicked' : simulatorOutcome(address);
}

/** Whether SES takes mail for them. */
export function isDeliverable({ address }: Pick<Subscriber, 'address'>): boolean {
  return !address.startsWith('pöisoned');
}

/** Stores the readers as they were made, whatever became of them since. */
export async function resetReaders(subscribers: SubscriberRepository, readers: Subscriber[]): Promise<void> {
  const stored = new Map(await Promise.all(readers.map(async ({ id }) => [id, await subscribers.get(id)] as const)));
  await Promise.all(
    readers.map(async reader => {
      const { revision = 0, ...now } = stored.get(reader.id) ?? {};
      const { revision: _, ...wanted } = reader;
      if (JSON.stringify(sorted(now)) === JSON.stringify(sorted(wanted))) return;
      if (!(await subscribers.put({ ...reader, revision }))) throw new Error('Somebody still writes subscribers.');
    }),
  );
}

function sorted(value: object): unknown {
  return Object.entries(value)
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([name, part]) => [name, typeof part === 'object' && part !== null ? sorted(part) : part]);
}

/** Changes one reader as the press of a button does. @returns when that was stored for certain, epoch ms */
export async function changeReader(
  subscribers: SubscriberRepository,
  id: string,
  change: (reader: Subscriber) => Subscriber,
): Promise<number> {
  for (;;) {
    const reader = await subscribers.get(id);
    if (!reader) throw new Error('The reader is gone.');
    if (await subscribers.put(change(reader))) return Date.now();
  }
}

/** Unsubscribes one reader as the press of the button does; a request that isn't confirmed yet can't be confirmed any more. */
export async function leave(subscribers: SubscriberRepository, id: string, now: () => number): Promise<number> {
  return changeReader(subscribers, id, reader => {
    if (reader.status !== 'active' && reader.status !== 'pending') return reader;
    const { pendingRequest: _, ...rest } = reader;
    return { ...rest, status: 'unsubscribed', unsubscribedAt: now() };
  });
}
