import type { Digest } from './digest.ts';
import type { DigestRepository } from './repository.ts';

/** The frozen selection of a digest, read once and kept: it never changes. Its status does: ask `getState` for that. */
export type DigestContent = (id: string) => Promise<Digest>;

/** Digests kept in memory; at most a few are sent at the same time. */
const kept = 8;

/** @throws Error when there is no such digest */
export function createDigestContent(digests: Pick<DigestRepository, 'get'>): DigestContent {
  const known = new Map<string, Promise<Digest>>();

  async function read(id: string): Promise<Digest> {
    const digest = await digests.get(id);
    if (!digest) throw new Error(`There is no digest ${id}.`);
    return digest;
  }

  return id => {
    let content = known.get(id);
    if (!content) {
      if (known.size >= kept) known.clear();
      content = read(id);
      // A failed reading is not kept.
      content.catch(() => known.delete(id));
      known.set(id, content);
    }
    return content;
  };
}
