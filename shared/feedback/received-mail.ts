import * as z from 'zod';
import { leavingTokenIn } from '../subscribers/token-text.ts';

/** A mail that came to the address in `List-Unsubscribe` (RFC 2369). */
export interface ReceivedMail {
  type: 'received';
  /** Epoch ms. */
  at: number;
  /** A text in the form of an unsubscribe token, from the subject. Its signature is not checked yet. */
  token?: string;
}

/**
 * SES's notification of a received mail. Only the subject is read: its sender can be forged, the token can't.
 * @see https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
 */
export const receivedMailSchema = z
  .object({
    notificationType: z.literal('Received'),
    mail: z.object({
      timestamp: z.iso.datetime(),
      commonHeaders: z.object({ subject: z.string().catch('') }).catch({ subject: '' }),
    }),
  })
  .transform(({ mail }): ReceivedMail => {
    const token = leavingTokenIn(mail.commonHeaders.subject);
    return { type: 'received', at: Date.parse(mail.timestamp), ...(token && { token }) };
  });
