import { createHmac, randomBytes } from 'node:crypto';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { day } from '../platform/durations.ts';
import { mailboxOf } from './providers.ts';

const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'not 32 bytes in base64url');

/**
 * The project's secrets. `identity` names subscribers and is never rotated and never lost; of the `signing` keys, the
 * `current` one signs tokens and all of them verify. The `next` one takes over at its time.
 */
export const keyRingSchema = z
  .object({
    identity: key,
    current: z.string(),
    /** The key that signs from a time (epoch milliseconds) on: every running instance has read it by then. */
    next: z.object({ id: z.string(), from: z.int() }).optional(),
    signing: z.record(z.string().regex(/^[a-z0-9]{1,16}$/), key),
    /** Since when (epoch milliseconds) the current key signs; rings that were made without it learn it from elsewhere. */
    since: z.int().optional(),
    /** Since when (epoch milliseconds) a key signs no more. */
    retired: z.record(z.string(), z.int()).optional(),
  })
  .refine(ring => Object.hasOwn(ring.signing, ring.current), 'the current key is not among the signing keys')
  .refine(
    ring => !ring.next || Object.hasOwn(ring.signing, ring.next.id),
    'the next key is not among the signing keys',
  );

/** Tags of the parameter: the version of the ring that an operator has a copy of, and since when (ISO). */
export const keyBackupTags = { version: 'backed-up-version', at: 'backed-up-at' };

export type KeyRing = z.infer<typeof keyRingSchema>;

/** 32 random bytes in base64url. */
export const randomKey = () => randomBytes(32).toString('base64url');

/** Id of the key that signs at `now` (epoch ms). */
export function signingKeyAt({ current, next }: KeyRing, now: number): string {
  return next && now >= next.from ? next.id : current;
}

/** Days for which the key that signs at `now` (epoch ms) has done so; undefined when it isn't known since when. */
export function signingKeyAge({ next, since }: KeyRing, now: number): number | undefined {
  const signsSince = next && now >= next.from ? next.from : since;
  return signsSince === undefined ? undefined : Math.floor((now - signsSince) / day);
}

/** A new ring of random keys, made at `now` (epoch ms). */
export function createKeyRing(now = Date.now()): KeyRing {
  return { identity: randomKey(), current: 'k1', since: now, signing: { k1: randomKey() } };
}

/**
 * Reads the ring from the SSM SecureString whose name is given, else from the text itself.
 * @throws Error that says what is wrong, never showing a key
 */
export async function loadKeyRing(from: {
  KEYS_PARAMETER: string | undefined;
  KEYS: string | undefined;
}): Promise<KeyRing> {
  let text = from.KEYS;
  let storedAt: number | undefined;
  if (from.KEYS_PARAMETER) {
    const answer = await new SSMClient({}).send(
      new GetParameterCommand({ Name: from.KEYS_PARAMETER, WithDecryption: true }),
    );
    text = answer.Parameter?.Value;
    storedAt = answer.Parameter?.LastModifiedDate?.getTime();
  }
  if (!text) throw new Error('No keys: set KEYS_PARAMETER to the name of the SSM parameter that holds the key ring.');
  const ring = parseKeyRing(text);
  // A ring of an older form: the key before stopped when this one began; one that was never rotated is as it was stored.
  const since = ring.since ?? Object.values(ring.retired ?? {}).toSorted((a, b) => b - a)[0] ?? storedAt;
  return { ...ring, ...(since !== undefined && { since }) };
}

/** @throws Error that says what is wrong, never showing a key */
export function parseKeyRing(text: string): KeyRing {
  let ring: unknown;
  try {
    ring = JSON.parse(text);
  } catch {
    throw new Error('The key ring is not JSON.');
  }
  const parsed = keyRingSchema.safeParse(ring);
  if (!parsed.success) throw new Error(`The key ring is not valid: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}

/**
 * What the CDN shows to prove that a request comes through it: 43 characters. It follows from the ring, so that the functions
 * need no other secret; no address and no limit is hashed to it, as it has another form than theirs.
 */
export function cdnSecretOf(ring: KeyRing): string {
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url')).update('cdn').digest('base64url');
}

/** The subscriber id of an address: HMAC-SHA256(identity key, identity) in base64url, 43 characters. */
export function subscriberIdOf(ring: KeyRing, identity: string): string {
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url')).update(identity).digest('base64url');
}

/**
 * As whom a subscriber votes and submits: [one mailbox, one person](docs/invariants.md#16); and whoever moved to
 * another address stays who they were. A keyed hash.
 */
export function voterOf(ring: KeyRing, { address, voter }: { address: string; voter?: string | undefined }): string {
  if (voter !== undefined) return voter;
  const mailbox = mailboxOf(address.toLowerCase());
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url'))
    .update(`mailbox ${mailbox}`)
    .digest('base64url')
    .slice(0, 22);
}
