import { createHmac, randomBytes } from 'node:crypto';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';

const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'not 32 bytes in base64url');

/**
 * The project's secrets. `identity` names subscribers and is never rotated and never lost; of the `signing` keys, the
 * `current` one signs tokens and all of them verify.
 */
export const keyRingSchema = z
  .object({ identity: key, current: z.string(), signing: z.record(z.string().regex(/^[a-z0-9]{1,16}$/), key) })
  .refine(ring => ring.current in ring.signing, 'the current key is not among the signing keys');

export type KeyRing = z.infer<typeof keyRingSchema>;

/** A new ring of random keys. */
export function createKeyRing(): KeyRing {
  const randomKey = () => randomBytes(32).toString('base64url');
  return { identity: randomKey(), current: 'k1', signing: { k1: randomKey() } };
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
  if (from.KEYS_PARAMETER) {
    const answer = await new SSMClient({}).send(
      new GetParameterCommand({ Name: from.KEYS_PARAMETER, WithDecryption: true }),
    );
    text = answer.Parameter?.Value;
  }
  if (!text) throw new Error('No keys: set KEYS_PARAMETER to the name of the SSM parameter that holds the key ring.');
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

/** The subscriber id of an address: HMAC-SHA256(identity key, identity) in base64url, 43 characters. */
export function subscriberIdOf(ring: KeyRing, identity: string): string {
  return createHmac('sha256', Buffer.from(ring.identity, 'base64url')).update(identity).digest('base64url');
}
