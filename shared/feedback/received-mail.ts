import * as z from 'zod';

/** A mail that came to the address in `List-Unsubscribe` (RFC 2369). */
export interface ReceivedMail {
  type: 'received';
  /** Epoch ms. */
  at: number;
  /** A text in the form of an unsubscribe token, from the subject. Its signature is not checked yet. */
  token?: string;
}

/** The characters of the subject that are read. A token has some 150, and mail clients put only a few before it. */
const longestSubject = 2_000;

const tokenInSubject =
  /v1\.[a-z0-9]{1,16}\.unsubscribe\.[A-Za-z0-9_-]{43}\.\d{1,12}\.[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/;

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
    const token = tokenInSubject.exec(mail.commonHeaders.subject.slice(0, longestSubject))?.[0];
    return { type: 'received', at: Date.parse(mail.timestamp), ...(token && { token }) };
  });
