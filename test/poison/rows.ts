import type { Kind, Poison, Poisons } from './kinds.ts';
import { items, lines, messages, reports } from './messages.ts';
import { batches, deliveries, digests, papers, readers } from './stored-things.ts';

/**
 * The rows of the table: the places where many things are handled together, what may be wrong with one of them, and the file
 * of tests in which the row is (`test/poison/papers.test.ts`).
 */
export const rows = {
  'a list': { test: 'papers', things: papers },
  'a page': { test: 'papers', things: papers },
  'an index build': { test: 'papers', things: papers },
  'a feed of a search': { test: 'papers', things: papers },
  'a digest': { test: 'digests', things: papers },
  'its planning': { test: 'digests', things: readers },
  'a chunk': { test: 'digests', things: readers },
  'a batch': { test: 'digests', things: deliveries },
  'batches side by side': { test: 'digests', things: batches },
  'a queue': { test: 'digests', things: messages },
  'digests side by side': { test: 'digests', things: digests },
  'the archive': { test: 'archive', things: digests },
  'a feed of digests': { test: 'archive', things: digests },
  'a feedback batch': { test: 'feedback', things: reports },
  'feedback about readers': { test: 'feedback', things: readers },
  'an import': { test: 'operator', things: lines },
  'an import of known readers': { test: 'operator', things: readers },
  'an export': { test: 'operator', things: readers },
  'a source': { test: 'operator', things: items },
} satisfies Record<string, { test: string; things: Record<Kind, Pick<Poison, 'becomes'> | string> }>;

export type RowName = keyof typeof rows;

export type ThingOf<Name extends RowName> = (typeof rows)[Name]['things'] extends Poisons<infer Thing> ? Thing : never;
