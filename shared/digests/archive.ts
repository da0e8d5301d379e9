import * as z from 'zod';
import { cursorOf } from '../platform/cursor.ts';
import { daySchema } from '../time/day.ts';
import { type ArchiveKind, archiveIdSchema, archiveKinds, type ListedDigest } from './digest.ts';
import type { DigestRepository } from './repository.ts';

export interface ArchiveAsked {
  /** Without it, all kinds. */
  kind?: ArchiveKind | undefined;
  limit: number;
  /** The `nextCursor` of the previous page. */
  cursor?: string | undefined;
}

export interface ArchivePage {
  digests: ListedDigest[];
  nextCursor?: string;
}

/** The place of a page's last digest, and the kind that was asked for. */
const pageCursor = cursorOf(z.object({ date: daySchema, id: archiveIdSchema, kind: z.enum(archiveKinds).optional() }));

/** The archive is in reverse text order of these: newest day first, and on a Saturday the weekly first. */
const placeOf = ({ date, id }: Pick<ListedDigest, 'date' | 'id'>) => `${date} ${id}`;

/**
 * One page of the public archive, newest first. A page begins after a place, not after a number of digests, so a digest
 * that is published between two requests moves no other.
 * @returns undefined when the cursor belongs to another kind
 */
export async function archivePage(
  { digests }: { digests: Pick<DigestRepository, 'latest'> },
  { kind, limit, cursor }: ArchiveAsked,
): Promise<ArchivePage | undefined> {
  const after = cursor === undefined ? undefined : pageCursor.read(cursor);
  if (cursor !== undefined && (!after || after.kind !== kind)) return undefined;
  // Two more than asked for: the cursor's own digest, and one that tells whether there are older ones.
  const kinds = kind ? [kind] : archiveKinds;
  const ofEach = await Promise.all(kinds.map(each => digests.latest(each, limit + 2, { to: after?.date })));
  const rest = ofEach
    .flat()
    .filter(digest => !after || placeOf(digest) < placeOf(after))
    .sort((a, b) => (placeOf(a) < placeOf(b) ? 1 : -1));
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  return { digests: page, ...(last && { nextCursor: pageCursor.write({ date: last.date, id: last.id, kind }) }) };
}
