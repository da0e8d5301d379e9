import type { Item } from '../platform/dynamo.ts';
import { type ChainHead, chainFaults, isOlder } from './chain.ts';
import type { ImportEvidence } from './record.ts';

/** What a chain of consent records says, and what was done to it since it was written. */
export interface ChainVerdict {
  records: number;
  /** Whether its owner ever confirmed, here or, by an import's evidence, elsewhere. */
  confirmed: boolean;
  /** Whether it holds more than requests that nobody confirmed, and so is kept for good. */
  lasting: boolean;
  /** Sort key of its first item. */
  first?: string;
  /** Whether it was closed before digests were keyed: whoever can write the table could have written it. */
  older: boolean;
  /** One sentence for each. */
  faults: string[];
}

/**
 * Judges a chain. A pure function.
 * @param items all that are kept of it, in the order of their sort keys
 * @param key of the ring, for the digests that are keyed
 */
export function judgeChain(items: Item[], head: ChainHead | undefined, key: string | undefined): ChainVerdict {
  const [first] = items;
  return {
    records: items.length,
    confirmed: items.some(provesConfirmation),
    lasting: items.some(({ expiresAt }) => expiresAt === undefined),
    ...(first && { first: String(first.sk) }),
    older: key !== undefined && isOlder(head),
    faults: chainFaults(items, head, key),
  };
}

function provesConfirmation({ action, evidence }: Item): boolean {
  const { status, confirmedAt, statement } = (evidence ?? {}) as Partial<ImportEvidence>;
  return action === 'confirmed' || (status === 'active' && (confirmedAt ?? statement) !== undefined);
}
