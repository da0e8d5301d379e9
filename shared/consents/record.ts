import * as z from 'zod';
import { unwritable } from '../subscribers/address.ts';

/** The version of the words that the sign-up form and the confirmation mail show; raise it when they change. */
export const wordingVersion = '2026-11-23';

/** Where a request came from, as the gateway saw it. */
export const requestOriginSchema = z.object({ ip: z.string().optional(), userAgent: z.string().max(512).optional() });

export type RequestOrigin = z.infer<typeof requestOriginSchema>;

/** The operator's word that all who joined before a time had confirmed, for a file that doesn't say so. */
export const statementSchema = z.strictObject({
  /** How that is known, to be shown to whoever asks: what was exported, and how people joined there. */
  proof: z
    .string()
    .trim()
    .min(20, 'say how it is known that they confirmed, in at least 20 characters')
    .max(500)
    .refine(text => !unwritable.test(text), 'contains an invisible or control character'),
  /** Epoch ms. */
  confirmedBefore: z.int(),
});

export type Statement = z.infer<typeof statementSchema>;

/** What a consent record keeps of an imported row: what it says of its owner's consent elsewhere. */
export interface ImportEvidence {
  importId: string;
  /** The service that wrote the file. */
  service: string;
  /** The person's status there. */
  status: string;
  /** When they confirmed there, epoch milliseconds. */
  confirmedAt?: number;
  /** When they joined there, epoch milliseconds, with the operator's word that they had confirmed. */
  addedAt?: number;
  statement?: Statement;
}

/** One append-only entry of who agreed to what, when, from where, under which wording. */
export interface ConsentRecord {
  subscriberId: string;
  /** Epoch milliseconds. */
  at: number;
  action: 'requested' | 'confirmed' | 'unsubscribed' | 'complained' | 'bounced' | 'restored' | 'imported';
  /** Which way it came: the page, the API, the mail client's one-click button, a mail, what SES reported, or an import. */
  by: 'page' | 'api' | 'one-click' | 'mail' | 'feedback' | 'import';
  origin: RequestOrigin;
  /** For an import: what the file says of an earlier confirmation or departure. */
  evidence?: ImportEvidence;
}

export type RecordConsent = (record: ConsentRecord) => Promise<void>;
