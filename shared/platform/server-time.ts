import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/*
 * Workers on different machines need one time to share. DynamoDB's own, which each of its answers carries in the HTTP
 * `Date` header, costs no call. The header has whole seconds only, but each answer bounds what the worker's clock is
 * wrong by, from both sides, and the bounds of successive answers overlap in a few dozen milliseconds.
 */

export interface ServerTime {
  /** DynamoDB's time, estimated; epoch ms. This machine's own time before the first answer. */
  now(): number;
  /** The most that `now` can be wrong by, in milliseconds; Infinity before the first answer. */
  error(): number;
}

/** What DynamoDB's clock is ahead of this machine's by, in milliseconds: at least `low`, at most `high`. */
interface Bounds {
  low: number;
  high: number;
  /** When they were last narrowed, by this machine's clock. */
  at: number;
}

/** Resolution of the `Date` header (RFC 9110 section 5.6.7), in milliseconds. */
const resolution = 1000;
/** By how much a clock may run fast or slow: the most that NTP corrects by slewing, 500 parts in a million. */
const drift = 0.0005;

/**
 * Learns DynamoDB's time from every answer that the client gets from now on, refusals included.
 * @param now this machine's clock, epoch ms; it may be wrong, and it may be put right at any time
 */
export function trackServerTime(client: DynamoDBDocumentClient, now: () => number): ServerTime {
  let bounds: Bounds | undefined;
  client.middlewareStack.add(
    next => async args => {
      const sentAt = now();
      const output = await next(args);
      const receivedAt = now();
      const date = dateOf(output.response);
      // The server read its clock at some moment between the two.
      if (date !== undefined) {
        bounds = narrow(bounds, { low: date - receivedAt, high: date + resolution - sentAt, at: receivedAt });
      }
      return output;
    },
    // Next to the wire: each attempt is seen by itself, and before a refusal becomes an exception.
    { step: 'deserialize', priority: 'low', name: 'trackServerTime' },
  );
  return {
    now: () => now() + (bounds ? (bounds.low + bounds.high) / 2 : 0),
    error() {
      if (!bounds) return Number.POSITIVE_INFINITY;
      const { low, high } = aged(bounds, now());
      return (high - low) / 2;
    },
  };
}

/** What old and new bounds have in common. */
function narrow(old: Bounds | undefined, fresh: Bounds): Bounds {
  if (!old) return fresh;
  const { low, high } = aged(old, fresh.at);
  /*
   * Where they contradict each other, a clock was put right or a server wrote an old second, and the new bounds hold. A
   * contradiction of a few milliseconds throws away little of what was known, one of seconds everything.
   */
  const gap = Math.max(fresh.low - high, low - fresh.high, 0);
  const width = high - low + 2 * gap;
  if (fresh.low > high) return { ...fresh, high: Math.min(fresh.high, fresh.low + width) };
  if (fresh.high < low) return { ...fresh, low: Math.max(fresh.low, fresh.high - width) };
  return { low: Math.max(low, fresh.low), high: Math.min(high, fresh.high), at: fresh.at };
}

/** The bounds as they are at a later moment: the clocks may have drifted apart since. */
function aged({ low, high, at }: Bounds, now: number): Bounds {
  const drifted = Math.abs(now - at) * drift;
  return { low: low - drifted, high: high + drifted, at: now };
}

/** Epoch ms of an HTTP response's `Date`; undefined when it has none. */
function dateOf(response: unknown): number | undefined {
  const { headers } = response as { headers?: Record<string, string> };
  const date = Date.parse(headers?.date ?? '');
  return Number.isNaN(date) ? undefined : date;
}
