import { createHmac, randomBytes } from 'node:crypto';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { day } from '../platform/durations.ts';
import { mailboxOf } from './providers.ts';

const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'not 32 bytes in base64url');

/**
 * The project's secrets. The `identity` key makes subscriber ids; it is never rotated and must never be lost. The
 * `current` one of the `signing` keys signs tokens; all of them verify. The `next` one takes over at its time.
 */
export const keyRingSchema = z
  .object({
    identity: key,
    current: z.string(),
    /** The key that signs from `from` (epoch milliseconds) on. Every running instance has read it by then. */
    next: z.object({ id: z.string(), from: z.int() }).optional(),
    signing: z.record(z.string().regex(/^[a-z0-9]{1,16}$/), key),
    /**
     * The time (epoch milliseconds) since which the current key signs. Older rings lack it: `loadKeyRing` works it out.
     */
    since: z.int().optional(),
    /** By key id, the time (epoch milliseconds) since which a key signs no more. */
    retired: z.record(z.string(), z.int()).optional(),
  })
  .refine(ring => Object.hasOwn(ring.signing, ring.current), 'the current key is not among the signing keys')
  .refine(
    ring => !ring.next || Object.hasOwn(ring.signing, ring.next.id),
    'the next key is not among the signing keys',
  );

/** Tags of the parameter: the version of the ring that an operator has backed up, and the time of the backup (ISO). */
export const keyBackupTags = { version: 'backed-up-version', at: 'backed-up-at' };

export type KeyRing = z.infer<typeof keyRingSchema>;

/** 32 random bytes in base64url. */
export const randomKey = () => randomBytes(32).toString('base64url');

/** The id of the key that signs at `now` (epoch ms). */
export function signingKeyAt({ current, next }: KeyRing, now: number): string {
  return next && now >= next.from ? next.id : current;
}

/** The days for which the current key has signed at `now` (epoch ms); undefined if its start is not known. */
export function signingKeyAge({ next, since }: KeyRing, now: number): number | undefined {
  const signsSince = next && now >= next.from ? next.from : since;
  return signsSince === undefined ? undefined : Math.floor((now - signsSince) / day);
}

/** A new ring of random keys, made at `now` (epoch ms). */
export function createKeyRing(now = Date.now()): KeyRing {
  return { identity: randomKey(), current: 'k1', since: now, signing: { k1: randomKey() } };
}

/**
 * Reads the ring from the SSM SecureString named by `KEYS_PARAMETER`, else from the text in `KEYS`.
 * @throws Error that says what is wrong, without showing a key
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
  // An older ring has no `since`: its current key began when the last one retired, else when the ring was stored.
  const since = ring.since ?? Object.values(ring.retired ?? {}).toSorted((a, b) => b - a)[0] ?? storedAt;
  return { ...ring, ...(since !== undefined && { since }) };
}

/** @throws Error that says what is wrong, without showing a key */
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
 * The secret (43 characters) by which the CDN proves that a request comes through it. It is derived from the ring, so
 * functions need no further secret. No address and no limit has the form of the hashed text.
 */
export function cdnSecretOf(ring: KeyRing): string {
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url')).update('cdn').digest('base64url');
}

/** The subscriber id of an address: HMAC-SHA256(identity key, identity) in base64url, 43 characters. */
export function subscriberIdOf(ring: KeyRing, identity: string): string {
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url')).update(identity).digest('base64url');
}

/**
 * The voter id, a keyed hash, under which a subscriber votes and submits:
 * [one mailbox, one person](docs/invariants.md#16). A move to another address keeps it.
 */
export function voterOf(ring: KeyRing, { address, voter }: { address: string; voter?: string | undefined }): string {
  if (voter !== undefined) return voter;
  const mailbox = mailboxOf(address.toLowerCase());
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url'))
    .update(`mailbox ${mailbox}`)
    .digest('base64url')
    .slice(0, 22);
}
