import * as z from 'zod';
import { requesterSchema } from '../consents/record.ts';
import { preferencesSchema } from '../subscribers/subscriber.ts';
import { instantSchema } from '../time/instant.ts';

/*
 * The messages that the public API puts on the sign-up queue. A decision depends on stored data and must not be visible
 * from outside ([the same answer for every address](docs/invariants.md#5)): so it is made behind the queue.
 */

const arrival = {
  /** Epoch milliseconds. */
  requestedAt: instantSchema,
  by: z.enum(['page', 'api']),
  origin: requesterSchema,
};

const signUpSchema = z.object({
  kind: z.literal('sign-up'),
  /** As typed, with the domain in ASCII. */
  address: z.string(),
  identity: z.string(),
  preferences: preferencesSchema,
  /** The address is at a host of throw-away mailboxes, and the policy asks to mark it. */
  disposable: z.boolean().optional(),
  /** The id of the subscriber who moves to this address. It stops once this request is confirmed. */
  replaces: z.string().optional(),
  /** The mover's `linkGeneration` at the time of the request. */
  moverGeneration: z.string().optional(),
  ...arrival,
});

/** A request for a link to the preferences, or to the kept data. */
const linkRequestSchema = z.object({
  kind: z.literal('link'),
  subscriberId: z.string(),
  /** The limit of the domain is reached: a subscriber who never confirmed gets no mail for now. */
  domainIsFull: z.boolean().optional(),
  ...arrival,
});

/** A request for a fresh link in place of an expired confirmation link. */
const renewalSchema = z.object({
  kind: z.literal('renewal'),
  subscriberId: z.string(),
  /** The nonce of the request that the expired link was for. */
  nonce: z.string(),
  ...arrival,
});

/** A move to another address, made or taken back. It must be settled, and the old address told. */
const moveSchema = z.object({
  kind: z.literal('move'),
  /** The id of the subscriber who moves. */
  subscriberId: z.string(),
  /** The id of the subscriber at the new address. */
  to: z.string(),
  /** The nonce of the confirmed request. */
  nonce: z.string(),
  ...arrival,
});

export const mailRequestSchema = z.discriminatedUnion('kind', [
  signUpSchema,
  linkRequestSchema,
  renewalSchema,
  moveSchema,
]);

export type SignUp = z.infer<typeof signUpSchema>;
export type MoveRequest = z.infer<typeof moveSchema>;
export type MailRequest = z.infer<typeof mailRequestSchema>;
