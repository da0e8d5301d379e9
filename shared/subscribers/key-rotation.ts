import { type KeyRing, randomKey, signingKeyAt } from './keys.ts';
import { tokenLifetimes } from './tokens.ts';

/** How long a link can be good after it was signed, milliseconds. */
const longestLifetime = Math.max(...Object.values(tokenLifetimes));

/**
 * The ring with one more signing key, which signs from `from` (epoch ms) on. The others are kept, since mailed links live
 * as long as their tokens: up to 2 years. If a key waits for its turn already and the new one is to sign at once, that one does.
 * @throws Error while an earlier rotation has not taken effect yet
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
  // A key that has taken over since the ring was written is the current one now.
  const since = current === ring.current ? ring.since : ring.next?.from;
  return from <= now
    ? { identity, current: id, since: from, signing, retired }
    : { identity, current, ...(since !== undefined && { since }), next: { id, from }, signing, retired };
}

/** How a key of the ring stands. Times are epoch ms. */
export type KeyState =
  | { state: 'signing' }
  | { state: 'next'; from: number }
  /** Links that it signed may be good until `until`; undefined when it isn't known since when it signs no more. */
  | { state: 'verifying'; until: number | undefined }
  /** No link that it signed can be good any more. */
  | { state: 'done' };

/** How each key of the ring stands at `now` (epoch ms), by its id. */
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
 * The ring without a key: every link that it signed is refused then.
 * @param compromised drops it although such links may be good: whoever has the key can make any link
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
    // One that has taken over is the current one: the key before it may be the one that goes.
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
