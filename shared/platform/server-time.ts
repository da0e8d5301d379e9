import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/*
 * Workers on different machines need one shared time. DynamoDB's time costs no extra call: each answer carries it in
 * the HTTP `Date` header. The header has whole seconds only. But each answer bounds the error of the worker's clock
 * from both sides, and the bounds of successive answers overlap in a few dozen milliseconds.
 */

export interface ServerTime {
  /** DynamoDB's time, estimated; epoch ms. This machine's own time before the first answer. */
  now(): number;
  /** The most that `now` can be wrong by, in milliseconds; Infinity before the first answer. */
  error(): number;
}

/**
 * Bounds of the difference between DynamoDB's clock and this machine's, in milliseconds; positive: DynamoDB's is ahead.
 */
interface Bounds {
  low: number;
  high: number;
  /** The time of the last narrowing, by this machine's clock. */
  at: number;
}

/** Resolution of the `Date` header (RFC 9110 section 5.6.7), in milliseconds. */
const resolution = 1000;
/** The most that a clock runs fast or slow: NTP corrects at most 500 parts in a million by slewing. */
const drift = 0.0005;

/**
 * Learns DynamoDB's time from every later answer to the client, refusals included.
 * @param now this machine's clock, epoch ms; it may be wrong, and may be corrected at any time
 */
export function trackServerTime(client: DynamoDBDocumentClient, now: () => number): ServerTime {
  let bounds: Bounds | undefined;
  client.middlewareStack.add(
    next => async args => {
      const sentAt = now();
      const output = await next(args);
      const receivedAt = now();
      const date = dateOf(output.response);
      // The server read its clock at some moment between `sentAt` and `receivedAt`.
      if (date !== undefined) {
        bounds = narrow(bounds, { low: date - receivedAt, high: date + resolution - sentAt, at: receivedAt });
      }
      return output;
    },
    // Next to the wire: each attempt is seen alone, and before a refusal becomes an exception.
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

/** The intersection of old and new bounds. */
function narrow(old: Bounds | undefined, fresh: Bounds): Bounds {
  if (!old) return fresh;
  const { low, high } = aged(old, fresh.at);
  /*
   * Bounds that contradict each other mean that a clock was corrected, or a server wrote an old second. Then the new
   * bounds hold, widened by the contradiction: milliseconds cost little precision, seconds cost all of it.
   */
  const gap = Math.max(fresh.low - high, low - fresh.high, 0);
  const width = high - low + 2 * gap;
  if (fresh.low > high) return { ...fresh, high: Math.min(fresh.high, fresh.low + width) };
  if (fresh.high < low) return { ...fresh, low: Math.max(fresh.low, fresh.high - width) };
  return { low: Math.max(low, fresh.low), high: Math.min(high, fresh.high), at: fresh.at };
}

/** The bounds at a later moment: the clocks may have drifted apart since. */
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
