import * as z from 'zod';
import { indexCandidates } from '../digests/candidate-index.ts';
import { candidatesWithin } from '../digests/candidates.ts';
import { type Digest, type DigestPaper, digestSchema } from '../digests/digest.ts';
import { mostPapers } from '../digests/digest-paper.ts';
import { selectPapers } from '../digests/select-papers.ts';
import type { ComposeDigestMessage } from '../email/message.ts';
import type { Piece } from '../email/pieces.ts';
import { deliveryAddressSchema } from '../subscribers/address.ts';
import { type DateLanguage, preferencesSchema } from '../subscribers/preferences.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import type { SendServices } from './send-services.ts';

/**
 * A digest, frozen or not, that a curator mails to an address for a look. The whole digest is in the message, as one
 * that is not frozen is not stored. It has no delivery, count or evidence.
 */
export const testMailSchema = z.object({
  testMail: z.object({ digest: digestSchema, address: deliveryAddressSchema }),
});

export type TestMail = z.infer<typeof testMailSchema>;

/** An id that no subscriber has, so that the mail's links are valid and have no effect. */
const nobody = 'test-mail'.padEnd(43, '-');

/** The message for the queue, with at most `mostPapers` papers, as SQS limits its size. */
export function testMailOf(digest: TestMail['testMail']['digest'], address: string): TestMail {
  const { news: _, ...rest } = digest;
  const papers = digest.papers.slice(0, mostPapers);
  return { testMail: { digest: { ...rest, papers, isTest: true }, address } };
}

/** A paper in which nothing can be at fault. */
const plainPaper: DigestPaper = {
  id: 'page:a-paper',
  title: 'A paper',
  lead: 'What it says.',
  authors: ['A. Author'],
  moreAuthors: 0,
  upvotes: 1,
  url: 'https://arxiv.org/',
};

/** The digest with only a plain paper: a fault of that mail is in the frame, and so in every mail of the digest. */
export function plainly(digest: Digest): Digest {
  const { candidates: _, ...rest } = digest;
  return { ...rest, papers: digest.papers.length === 0 ? [] : [plainPaper] };
}

/** Composes a digest's mail for a made-up reader, who chose at most the number of papers and the date's language. */
export async function composeForNobody(
  composeMessage: ComposeDigestMessage,
  digest: Digest,
  chosen: NobodysChoice,
  now: number,
): Promise<Piece[]> {
  const reader = readerForNobody(chosen);
  const shown = selectPapers(indexCandidates(candidatesWithin(digest)), reader.preferences);
  return composeMessage(digest, shown, reader, now);
}

type NobodysChoice = { address: string; maxPapers?: number; dateLanguage?: DateLanguage };

/** A made-up reader, who is no subscriber. */
export function readerForNobody({ address, ...chosen }: NobodysChoice): Reader {
  return { id: nobody, address, status: 'active', preferences: preferencesSchema.parse(chosen) };
}

/**
 * Composes and sends a test mail like any other mail of the digest, with a mark in its subject.
 * @throws Error when SES throttles: the queue delivers the message again
 */
export async function sendTestMail(
  services: Pick<SendServices, 'composeMessage' | 'sendMail' | 'senderAddress' | 'logger' | 'now'>,
  { testMail: { digest, address } }: TestMail,
): Promise<void> {
  const about = { digestId: digest.id };
  const raw = await composeForNobody(services.composeMessage, digest, { address }, services.now());
  const outcome = await services.sendMail({
    from: services.senderAddress,
    to: address,
    raw,
    // There is no digest's tag, so that its feedback counts for no digest.
    tags: { purpose: 'test' },
  });
  if (outcome.type === 'throttled') throw new Error('SES is throttling.');
  services.logger.info('Handled a test mail', { ...about, outcome });
}
