import { type KeyRing, randomKey, signingKeyAt } from './keys.ts';
import { tokenLifetimes } from './tokens.ts';

/** The longest lifetime of a signed link, milliseconds. */
const longestLifetime = Math.max(...Object.values(tokenLifetimes));

/**
 * The ring with one more signing key, which signs from `from` (epoch ms) on. The older keys stay, as mailed links live
 * as long as their tokens: up to 2 years. If a next key waits already and `from` is not in the future, that key signs
 * at once instead.
 * @throws Error if a next key waits and `from` is in the future
 */
export function rotateKeys(ring: KeyRing, now: number, from: number): KeyRing {
  const current = signingKeyAt(ring, now);
  const waiting = ring.next && now < ring.next.from ? ring.next : undefined;
  if (waiting && from > now) {
    throw new Error(`A rotation is under way: its key signs from ${new Date(waiting.from).toISOString()} on.`);
  }
  const numbers = Object.keys(ring.signing).map(id => Number(/^k(\d+)$/.exec(id)?.[1] ?? 0));
  const id = waiting?.id ?? `k${Math.max(0, ...numbers) + 1}`;
  const signing = waiting ? ring.signing : { ...ring.signing, [id]: randomKey() };
  const retired = { ...ring.retired, [current]: from };
  const { identity } = ring;
  // If the next key has taken over since the ring was written, it is the current one now.
  const since = current === ring.current ? ring.since : ring.next?.from;
  return from <= now
    ? { identity, current: id, since: from, signing, retired }
    : { identity, current, ...(since !== undefined && { since }), next: { id, from }, signing, retired };
}

/** The state of a key of the ring. Times are epoch ms. */
export type KeyState =
  | { state: 'signing' }
  | { state: 'next'; from: number }
  /** Links that it signed may work until `until`; undefined if the time of its retirement is not known. */
  | { state: 'verifying'; until: number | undefined }
  /** Every link that it signed has expired. */
  | { state: 'done' };

/** The state of each key of the ring at `now` (epoch ms), by key id. */
export function keyStates(ring: KeyRing, now: number): Map<string, KeyState> {
  const stateOf = (id: string): KeyState => {
    if (id === signingKeyAt(ring, now)) return { state: 'signing' };
    if (id === ring.next?.id && now < ring.next.from) return { state: 'next', from: ring.next.from };
    const since = ring.retired?.[id];
    if (since === undefined) return { state: 'verifying', until: undefined };
    const until = since + longestLifetime;
    return now < until ? { state: 'verifying', until } : { state: 'done' };
  };
  return new Map(Object.keys(ring.signing).map(id => [id, stateOf(id)]));
}

/**
 * The ring without a key. Every link that the key signed is refused from then on.
 * @param compromised drops the key although its links may still work: a stranger who has the key can make any link
 * @throws Error that says why the key must stay, and what to do
 */
export function dropKey(ring: KeyRing, id: string, now: number, compromised: boolean): KeyRing {
  const states = keyStates(ring, now);
  const found = states.get(id);
  if (!found) throw new Error(`There is no key ${id}: the ring has ${[...states.keys()].join(', ')}.`);
  if (found.state === 'signing') throw new Error(`${id} signs links: rotate the keys first.`);
  if (found.state === 'next') {
    throw new Error(`${id} signs links from ${new Date(found.from).toISOString()} on: rotate once more after that.`);
  }
  if (found.state === 'verifying' && !compromised) {
    const until = found.until === undefined ? 'for up to 2 years' : `until ${new Date(found.until).toISOString()}`;
    throw new Error(
      `Links in mails that ${id} signed are good ${until}, to unsubscribe with. If it has leaked: --compromised.`,
    );
  }
  const { identity, next, signing, retired = {} } = ring;
  const current = signingKeyAt(ring, now);
  const since = current === ring.current ? ring.since : ring.next?.from;
  return {
    identity,
    // The next key may have taken over already; then the key before it may be dropped.
    current,
    ...(since !== undefined && { since }),
    ...(next && next.id !== current && { next }),
    signing: without(signing, id),
    retired: without(retired, id),
  };
}

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}
