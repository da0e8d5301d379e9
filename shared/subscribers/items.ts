import { nameDamage, readItem, readItemFields, readJson, readOrName } from '../platform/damaged.ts';
import type { Item } from '../platform/dynamo.ts';
import { sendSlotOf } from './preferences.ts';
import { readPreferences } from './read-preferences.ts';
import { type Reader, readerSchema, type Subscriber, subscriberSchema, vanishesAt } from './subscriber.ts';
import { type Taste, tasteSchema } from './taste.ts';

/* The items of the Subscribers table: their keys, and what they hold (docs/storage-schema.md). */

/** Without these fields a stored subscriber can't be read. Any other damaged field is left out. */
const subscriberRules = { needed: new Set(['id', 'address', 'status', 'preferences', 'createdAt', 'revision']) };

/** The shards by which subscribers are listed: the first characters of ids, which are hashes. */
export const shards = [...'-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'];
export const shardOf = (id: string) => id.slice(0, 1);

export const keyOf = (id: string) => ({ pk: id, sk: 'subscriber' });
export const tasteKey = (id: string) => ({ pk: id, sk: 'taste' });

const addresseeSchema = readerSchema.omit({ preferences: true, taste: true });
const readerPreferences = Object.keys(readerSchema.shape.preferences.shape);
/** The attributes that a sender reads. Preferences get numbered names, as some names are reserved words. */
export const readerProjection = {
  ProjectionExpression: [
    'pk, sk, address, linkGeneration, hasSaved, stems, #status',
    ...readerPreferences.map((_, n) => `#p.#p${n}`),
  ].join(', '),
  ExpressionAttributeNames: {
    '#status': 'status',
    '#p': 'preferences',
    ...Object.fromEntries(readerPreferences.map((name, n) => [`#p${n}`, name])),
  },
};

/** The rest of an erased subscriber: the keyed hash of the address, and the time. */
export interface Tombstone {
  id: string;
  /** Epoch ms. */
  erasedAt: number;
  /** The status of a subscriber whose data expired after leaving. Missing after an erasure on request. */
  status?: 'unsubscribed' | 'bounced' | 'complained';
  /** Data in other tables is still to be erased. */
  unfinished?: boolean;
}

export function tombstoneOf({ pk, erasedAt, status, unfinished }: Item): Tombstone {
  const known = (['unsubscribed', 'bounced', 'complained'] as const).find(each => each === status);
  return {
    id: String(pk),
    erasedAt: Number(erasedAt),
    ...(known && { status: known }),
    ...(unfinished === true && { unfinished }),
  };
}

/** The stored form of a subscriber. */
export function toItem(subscriber: Subscriber): Item {
  const { id, ...rest } = subscriber;
  const expiry = vanishesAt(subscriber);
  return {
    pk: id,
    sk: 'subscriber',
    ...rest,
    shard: shardOf(id),
    // The index by send hour is sparse: it holds active subscribers only.
    sendSlot: subscriber.status === 'active' ? sendSlotOf(subscriber.preferences) : undefined,
    expiresAt: expiry === undefined ? undefined : Math.ceil(expiry / 1000),
  };
}

/**
 * Reads a stored subscriber, without the fields that are damaged.
 * @throws DamagedItemError when one that it can't do without is damaged
 */
export function subscriberOf(item: Item): Subscriber {
  const key = String(item.pk);
  const preferences = readPreferences(item.preferences, key);
  const read = readItemFields(subscriberSchema, { ...item, id: key, preferences }, subscriberRules, 'subscriber', key);
  // Without these, lists or plans pass it over, and nothing else would say so. Its next write puts them back.
  const lost = [
    ...(item.shard === shardOf(key) ? [] : ['shard: missing, so no list holds it']),
    ...(read.status !== 'active' || item.sendSlot ? [] : ['sendSlot: missing, so no digest is planned']),
  ];
  if (lost.length > 0) nameDamage({ kind: 'subscriber', key, reason: lost.join('; ') });
  return read;
}

/**
 * Reads the attributes of `readerProjection`, and the stored taste.
 * @throws DamagedItemError when the reader can't be read; a damaged taste is left out
 */
export function readerOf(item: Item, taste: Item | undefined): Reader {
  const key = String(item.pk);
  const preferences = readPreferences(item.preferences, key);
  const stems = taste && tasteOf(taste, key);
  const reader = readItem(addresseeSchema, { ...item, id: key }, 'subscriber', key);
  return { ...reader, preferences, ...(stems && { taste: stems }) };
}

/** Reads a stored taste; undefined when it is damaged. */
export function tasteOf(item: Item, id: string): Taste | undefined {
  return readOrName(() => readItem(tasteSchema, readJson(item.stems, 'taste', id), 'taste', id));
}
