import * as z from 'zod';
import { requestOriginSchema } from '../consents/record.ts';
import { preferencesSchema } from '../subscribers/subscriber.ts';

/*
 * What the public API puts on the sign-up queue. What comes of it depends on what is stored, and so must not be seen from
 * outside ([the same answer for every address](docs/invariants.md#5)): it is decided behind the queue.
 */

const arrival = {
  /** Epoch milliseconds. */
  requestedAt: z.int(),
  by: z.enum(['page', 'api']),
  origin: requestOriginSchema,
};

/** Somebody asked for the digests. */
const signUpSchema = z.object({
  kind: z.literal('sign-up'),
  /** As typed, with the domain in ASCII. */
  address: z.string(),
  identity: z.string(),
  preferences: preferencesSchema,
  /** At a host of throw-away mailboxes, where that is to be noted. */
  disposable: z.boolean().optional(),
  /** The subscriber who moves to this address: theirs stops once this one is confirmed. */
  replaces: z.string().optional(),
  /** Of that subscriber's links, as they are. */
  moverGeneration: z.string().optional(),
  ...arrival,
});

/** Somebody asked for a link to their preferences, or to what is kept about them. */
const linkRequestSchema = z.object({
  kind: z.literal('link'),
  subscriberId: z.string(),
  /** Nobody at this domain who never confirmed may get a further mail for now. */
  domainIsFull: z.boolean().optional(),
  ...arrival,
});

/** Somebody came with a confirmation link that has expired, and asked for a fresh one. */
const renewalSchema = z.object({
  kind: z.literal('renewal'),
  subscriberId: z.string(),
  /** Of the request that the expired link was for. */
  nonce: z.string(),
  ...arrival,
});

/** Somebody makes a move to another address, or takes one back: it is to be settled, and the old address told. */
const moveSchema = z.object({
  kind: z.literal('move'),
  /** Who moves. */
  subscriberId: z.string(),
  /** To whom. */
  to: z.string(),
  /** Of the request that is confirmed. */
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
