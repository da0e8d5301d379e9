import type { Item } from '../platform/dynamo.ts';
import { type ChainHead, chainFaults, isOlder } from './chain.ts';
import type { ImportEvidence } from './record.ts';

/** The content of a chain of consent records, and the faults found in it. */
export interface ChainVerdict {
  records: number;
  /** Whether its owner has ever confirmed: here, or elsewhere by the evidence of an import. */
  confirmed: boolean;
  /** Whether it holds more than unconfirmed requests, and so has no expiry. */
  lasting: boolean;
  /** The sort key of its first item. */
  first?: string;
  /** Whether it is older than keyed digests: any process that can write the table could have written it. */
  older: boolean;
  /** One sentence for each fault. */
  faults: string[];
}

/**
 * Judges a chain. A pure function.
 * @param items all kept items of the chain, in the order of their sort keys
 * @param key the identity key of the ring, for keyed digests
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
