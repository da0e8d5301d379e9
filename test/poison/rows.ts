import type { Kind, Poison, Poisons } from './kinds.ts';
import { items, lines, messages, reports } from './messages.ts';
import { batches, deliveries, digests, papers, readers } from './stored-things.ts';

/** The rows of the table: the places where many things are handled together, and what may be wrong with one of them. */
export const rows = {
  'a list': papers,
  'a page': papers,
  'an index build': papers,
  'a feed of a search': papers,
  'a digest': papers,
  'its planning': readers,
  'a chunk': readers,
  'a batch': deliveries,
  'batches side by side': batches,
  'a queue': messages,
  'digests side by side': digests,
  'the archive': digests,
  'a feed of digests': digests,
  'a feedback batch': reports,
  'feedback about readers': readers,
  'an import': lines,
  'an import of known readers': readers,
  'an export': readers,
  'a source': items,
} satisfies Record<string, Record<Kind, Pick<Poison, 'becomes'> | string>>;

export type RowName = keyof typeof rows;

export type ThingOf<Name extends RowName> = (typeof rows)[Name] extends Poisons<infer Thing> ? Thing : never;
