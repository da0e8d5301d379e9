import * as z from 'zod';
import { requestOriginSchema } from './consents.ts';
import { preferencesSchema, type Subscriber } from './subscriber.ts';

/** What the sign-up route puts on the queue, the same for every address (invariant 5). */
export const signUpSchema = z.object({
  /** As typed, with the domain in ASCII. */
  address: z.string(),
  identity: z.string(),
  preferences: preferencesSchema,
  requestedAt: z.int(),
  by: z.enum(['page', 'api']),
  origin: requestOriginSchema,
});

export type SignUp = z.infer<typeof signUpSchema>;

/** A second click within this time (milliseconds) sends no second mail. */
export const confirmationPause = 60_000;

export type SignUpDecision =
  /** Store this and mail a confirmation link with the nonce. */
  | { action: 'confirm'; subscriber: Subscriber; nonce: string }
  /** Store nothing, send nothing. */
  | { action: 'ignore'; reason: 'active' | 'just asked' | 'suppressed' };

/**
 * What a sign-up means for the identity as it is stored. A pure function.
 * @param known what is stored, if anything
 * @param nonce fresh for a new request; the same again when the queue delivers the same request again
 */
export function decideSignUp(known: Subscriber | undefined, id: string, signUp: SignUp, nonce: string): SignUpDecision {
  if (known?.status === 'active') return { action: 'ignore', reason: 'active' };
  // Never written to again, whoever asks (invariants 3 and 7).
  if (known?.status === 'bounced' || known?.status === 'complained') return { action: 'ignore', reason: 'suppressed' };

  const earlier = known?.pendingRequest;
  if (earlier?.nonce === nonce) {
    // The queue delivered it again: the mail may not have gone out, so it is sent (again) for the stored request.
    return { action: 'confirm', subscriber: known as Subscriber, nonce };
  }
  if (earlier && Math.abs(signUp.requestedAt - earlier.requestedAt) < confirmationPause) {
    return { action: 'ignore', reason: 'just asked' };
  }
  const pendingRequest = { nonce, requestedAt: signUp.requestedAt, preferences: signUp.preferences };
  if (known) {
    return { action: 'confirm', subscriber: { ...known, address: signUp.address, pendingRequest }, nonce };
  }
  const subscriber: Subscriber = {
    id,
    address: signUp.address,
    status: 'pending',
    preferences: signUp.preferences,
    pendingRequest,
    createdAt: signUp.requestedAt,
    revision: 0,
  };
  return { action: 'confirm', subscriber, nonce };
}
