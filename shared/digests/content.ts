import { createCache } from '../platform/cache.ts';
import { orNamed } from '../platform/damaged.ts';
import { type CandidateIndex, indexCandidates } from './candidate-index.ts';
import { candidatesWithin } from './candidates.ts';
import type { Digest } from './digest.ts';
import type { DigestRepository } from './repository.ts';

/** What of a digest never changes: its frozen selection, and the candidates for the selections of its readers. */
export interface FrozenDigest {
  digest: Digest;
  index: CandidateIndex;
}

/**
 * The frozen part of a digest, read once and kept. Its status does change: ask `getState` for that, and for its edition, which
 * is another one after papers were taken out.
 */
export type DigestContent = (id: string, edition?: number) => Promise<FrozenDigest>;

/** Digests kept in memory, some 5 MB each; at most a few are sent at the same time. */
const kept = 4;

/** @throws Error when there is no such digest */
export function createDigestContent(digests: Pick<DigestRepository, 'get' | 'getCandidates'>): DigestContent {
  const cached = createCache<string, Promise<FrozenDigest>>(kept);

  async function read(id: string): Promise<FrozenDigest> {
    const digest = await digests.get(id);
    if (!digest) throw new Error(`There is no digest ${id}.`);
    // A welcome has those of the digest that it is made of.
    const { candidates, source = id } = digest;
    const stored = candidates && (await orNamed(digests.getCandidates(source, candidates)));
    return { digest, index: indexCandidates(stored ?? candidatesWithin(digest)) };
  }

  return (id, edition = 0) => cached(`${id} ${edition}`, () => read(id));
}
