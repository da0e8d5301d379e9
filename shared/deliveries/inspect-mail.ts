import { mostPapers } from '../digests/select.ts';
import type { MailIdentity } from '../email/identity.ts';
import { joinPieces } from '../email/pieces.ts';
import { type InspectMail, PreflightError, partSizes } from '../email/preflight.ts';
import type { Logger } from '../platform/logger.ts';
import { createKeyRing } from '../subscribers/keys.ts';
import { createDigestComposer } from './message.ts';
import { composeForNobody } from './test-mail.ts';

/**
 * Looks at a digest's mail before there is anybody to send it to, so that a fault is known when the digest is frozen and not
 * at its first reader's hour. It is the largest mail of the digest, composed as any other. Never throws.
 */
export function createMailInspector(identity: MailIdentity, logger: Pick<Logger, 'warn' | 'error'>): InspectMail {
  // It goes to nobody, so its links need no key that opens anything: who looks at mails must not be able to sign.
  const keys = createKeyRing();
  const reader = { address: 'nobody@example.org', maxPapers: mostPapers };
  return async (digest, now) => {
    // A composer of its own: what isn't frozen may be another one a minute later.
    const composeMessage = createDigestComposer(keys, identity, logger);
    try {
      return {
        faults: [],
        size: await partSizes(joinPieces(await composeForNobody(composeMessage, digest, reader, now))),
      };
    } catch (error) {
      if (error instanceof PreflightError) return error.report;
      logger.error('A digest could not be composed', { digestId: digest.id, error: error as Error });
      return { faults: ['it could not be composed'], size: { html: 0, text: 0 } };
    }
  };
}
