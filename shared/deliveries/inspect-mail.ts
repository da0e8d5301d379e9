import type { Digest } from '../digests/digest.ts';
import { mostPapers } from '../digests/digest-paper.ts';
import type { InspectMail, MailReport } from '../digests/mail-report.ts';
import type { MailIdentity } from '../email/identity.ts';
import { createDigestComposer } from '../email/message.ts';
import { joinPieces, type Piece } from '../email/pieces.ts';
import { PreflightError, partSizes } from '../email/preflight.ts';
import type { Logger } from '../platform/logger.ts';
import { createKeyRing } from '../subscribers/keys.ts';
import { composeForNobody, plainly, readerForNobody } from './test-mail.ts';

/**
 * Reads a digest's mails before it has readers, so that a fault is known when the digest is frozen, and not at its
 * first reader's hour. It composes and reads the frame; then each paper in a mail of its own, where its title is the
 * subject; and last the mail with all fit papers. Never throws.
 */
export function createMailInspector(identity: MailIdentity, logger: Pick<Logger, 'warn' | 'error'>): InspectMail {
  // These mails are not sent, so their links need no real key: a function that only inspects mails must not be able to
  // sign.
  const keys = createKeyRing();
  const chosen = { address: 'nobody@example.org', maxPapers: mostPapers };
  const nobody = readerForNobody(chosen);
  return async (digest, now, candidates = digest.papers) => {
    // A new composer for each call, as a digest that is not frozen may have changed since the last one.
    const composeMessage = createDigestComposer(keys, identity, logger, { everyMail: true });
    const look = (of: Digest) => report(composeForNobody(composeMessage, of, chosen, now), of, logger);
    const frame = await look(plainly(digest));
    if (frame.faults.length > 0) return frame;
    const unfit: { id: string; fault: string }[] = [];
    for (const paper of candidates) {
      const alone = composeMessage(digest, [{ paper }], nobody, now);
      const { faults } = await report(alone, digest, logger, paper.id);
      if (faults.length > 0) unfit.push({ id: paper.id, fault: faults.join('; ') });
    }
    const fit = digest.papers.filter(({ id }) => unfit.every(one => one.id !== id));
    const largest = fit.length > 0 ? await look({ ...digest, papers: fit }) : frame;
    return { ...largest, ...(unfit.length > 0 && { unfit }) };
  };
}

async function report(
  composing: Promise<Piece[]>,
  digest: Digest,
  logger: Pick<Logger, 'error'>,
  paperId?: string,
): Promise<MailReport> {
  try {
    return { faults: [], size: await partSizes(joinPieces(await composing)) };
  } catch (error) {
    if (error instanceof PreflightError) return error.report;
    const about = { digestId: digest.id, ...(paperId && { paperId }) };
    logger.error('A digest could not be composed', { ...about, error: error as Error });
    return { faults: ['it could not be composed'], size: { html: 0, text: 0 } };
  }
}
