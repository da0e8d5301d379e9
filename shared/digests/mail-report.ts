import type { Digest, DigestPaper } from './digest.ts';

/** The reason that a halted digest shows. */
export function preflightReason(faults: string[]): string {
  return `The mail did not pass its preflight: ${faults.join('; ')}`;
}

/** The preflight's report about a mail. */
export interface MailReport {
  /** One phrase for each fault; empty when the mail may go out. */
  faults: string[];
  /** Bytes. */
  size: { html: number; text: number };
}

/** The faults of every mail of a digest, and of single papers. */
export interface DigestReport extends MailReport {
  /** Papers that no mail may hold, and why. They are left out, and the digest goes out without them. */
  unfit?: { id: string; fault: string }[];
}

/**
 * Reads the mails of a digest, frozen or not; `now` is epoch ms.
 * @param candidates papers that a reader's mail may hold; by default the digest's own
 */
export type InspectMail = (digest: Digest, now: number, candidates?: readonly DigestPaper[]) => Promise<DigestReport>;
