import * as z from 'zod';
import { unwritable } from '../subscribers/address.ts';
import { instantSchema } from '../time/instant.ts';

/** The version of the wording in the sign-up form and the confirmation mail. Raise it when the wording changes. */
export const wordingVersion = '2026-11-23';

/** The client behind a request, as the gateway saw it. Consent records and the queue have it under the sealed name `origin`. */
export const requesterSchema = z.object({ ip: z.string().optional(), userAgent: z.string().max(512).optional() });

export type Requester = z.infer<typeof requesterSchema>;

/** The operator's statement, for a file without confirmations: every reader who joined before a time had confirmed. */
export const statementSchema = z.strictObject({
  /** The evidence for it, to be shown on request: which data was exported, and how readers joined there. */
  proof: z
    .string()
    .trim()
    .min(20, 'say how it is known that they confirmed, in at least 20 characters')
    .max(500)
    .refine(text => !unwritable.test(text), 'contains an invisible or control character'),
  /** Epoch ms. */
  confirmedBefore: instantSchema,
});

export type Statement = z.infer<typeof statementSchema>;

/** The part of an imported row that tells of a consent given to another service. */
export interface ImportEvidence {
  importId: string;
  /** The service that wrote the file. */
  service: string;
  /** The reader's status there. */
  status: string;
  /** The time of the confirmation there, epoch milliseconds. */
  confirmedAt?: number;
  /** The time of joining there, epoch milliseconds, if the operator states that the reader had confirmed. */
  addedAt?: number;
  statement?: Statement;
}

/** One append-only entry: a subscriber's act, with its time and origin. */
export interface ConsentRecord {
  subscriberId: string;
  /** Epoch milliseconds. */
  at: number;
  action: 'requested' | 'confirmed' | 'unsubscribed' | 'complained' | 'bounced' | 'restored' | 'imported';
  /** The way of the act; `one-click` is the button of a mail client, `feedback` a report of SES. */
  by: 'page' | 'api' | 'one-click' | 'mail' | 'feedback' | 'import';
  origin: Requester;
  /** For an import: the evidence in the file. */
  evidence?: ImportEvidence;
}

export type RecordConsent = (record: ConsentRecord) => Promise<void>;
