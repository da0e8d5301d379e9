import type { Digest } from '../digests/digest.ts';
import { minute } from '../platform/durations.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';

/** A digest is there for everybody to read this long after its `publishedAt`, clocks that differ included; milliseconds. */
const settled = minute;

/**
 * Whether a digest came out before a reader joined. Such digests are left to the welcome, and all later ones to the planner:
 * each pair of digest and reader is one side's alone, by what is stored, so that the two never have to agree.
 */
export function cameOutBefore(
  { joinedAt }: Pick<Subscriber, 'joinedAt'>,
  { publishedAt }: Pick<Digest, 'publishedAt'>,
): boolean {
  return joinedAt !== undefined && publishedAt + settled < joinedAt;
}
