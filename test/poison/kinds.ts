import type { Item } from '../../shared/platform/dynamo.ts';

/** The columns of the table: what may be wrong with one item among good ones. */
export const kinds = [
  'empty after cleaning',
  'too long',
  'wrong type',
  'encoded word',
  'control and non-characters',
  'unknown zone',
  'unknown enum',
  'future schema',
  'damaged stored item',
] as const;

export type Kind = (typeof kinds)[number];

/** A change to an item, and its outcome: the item is shown, sent or counted as the others; or it is left out, and named. */
export interface Poison<Thing = Item> {
  change: (thing: Thing) => Thing;
  becomes: 'shown' | 'left out';
}

/** The change that poisons a thing, by kind; a text says why there is no such thing. */
export type Poisons<Thing = Item> = Record<Kind, Poison<Thing> | string>;

/** Characters that XML, a queue, a header or a terminal does not take, or that turn what stands beside them around. */
export const strange = 'A\u0000\u0007\u202eb\ufffe\uffff\u2028\ud800\ud83d\ude00';
export const encodedWord = '=?utf-8?Q?=7Bx=7D?=';
export const endless = 'x'.repeat(20_000);
