import type { Digest, DigestPaper } from './digest.ts';

/** Why a digest halts. */
export function preflightReason(faults: string[]): string {
  return `The mail did not pass its preflight: ${faults.join('; ')}`;
}

/** What the preflight says of a mail. */
export interface MailReport {
  /** What is wrong with it, one sentence each; empty when it may go out. */
  faults: string[];
  /** Bytes of its two parts. */
  size: { html: number; text: number };
}

/** What is wrong with every mail of a digest, and what with the papers of some. */
export interface DigestReport extends MailReport {
  /** Papers that no mail may hold, and why: they are left out, and the others go out. */
  unfit?: { id: string; fault: string }[];
}

/**
 * Looks at the mails that a digest is, or would be; `now` is epoch ms.
 * @param candidates papers that may be in somebody's mail; without them, the digest's own
 */
export type InspectMail = (digest: Digest, now: number, candidates?: readonly DigestPaper[]) => Promise<DigestReport>;
