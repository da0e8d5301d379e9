import type { Digest } from '../digests/digest.ts';
import { minute } from '../platform/durations.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';

/**
 * This long after its `publishedAt` (milliseconds), every process can read a digest, also with a clock that differs.
 */
const settled = minute;

/**
 * Whether a digest came out before a reader joined. Such digests belong to the welcome, all later ones to the planner.
 * Stored times decide for each pair of digest and reader, so that the two processes need not communicate.
 */
export function cameOutBefore(
  { joinedAt }: Pick<Subscriber, 'joinedAt'>,
  { publishedAt }: Pick<Digest, 'publishedAt'>,
): boolean {
  return joinedAt !== undefined && publishedAt + settled < joinedAt;
}
