import { createCache } from '../platform/cache.ts';
import { orNamed } from '../platform/damaged.ts';
import { type CandidateIndex, indexCandidates } from './candidate-index.ts';
import { candidatesWithin } from './candidates.ts';
import type { Digest } from './digest.ts';
import type { DigestRepository } from './repository.ts';

/** The frozen part of a digest: its selection, and the candidates for its readers' own selections. */
export interface FrozenDigest {
  digest: Digest;
  index: CandidateIndex;
}

/**
 * Reads the frozen part of a digest once, and keeps it. Status and edition may change: read them by `getState`. An
 * edition that lacks papers is read as content of its own.
 */
export type DigestContent = (id: string, edition?: number) => Promise<FrozenDigest>;

/** Digests kept in memory, about 5 MB each. Few are sent at the same time. */
const kept = 4;

/** @throws Error when there is no such digest */
export function createDigestContent(digests: Pick<DigestRepository, 'get' | 'getCandidates'>): DigestContent {
  const cached = createCache<string, Promise<FrozenDigest>>(kept);

  async function read(id: string): Promise<FrozenDigest> {
    const digest = await digests.get(id);
    if (!digest) throw new Error(`There is no digest ${id}.`);
    // A welcome has the candidates of its source digest.
    const { candidates, source = id } = digest;
    const stored = candidates && (await orNamed(digests.getCandidates(source, candidates)));
    return { digest, index: indexCandidates(stored ?? candidatesWithin(digest)) };
  }

  return (id, edition = 0) => cached(`${id} ${edition}`, () => read(id));
}
