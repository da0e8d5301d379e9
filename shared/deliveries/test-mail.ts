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
 * A digest that a curator mails to themselves, as it is or would be. It comes with the message: what isn't frozen is stored
 * nowhere. No delivery, no count, no evidence belongs to it.
 */
export const testMailSchema = z.object({
  testMail: z.object({ digest: digestSchema, address: deliveryAddressSchema }),
});

export type TestMail = z.infer<typeof testMailSchema>;

/** Nobody's id, so that the mail's links are real and lead nowhere: who is unknown can't unsubscribe or vote. */
const nobody = 'test-mail'.padEnd(43, '-');

/** A message for the queue: AWS takes up to 256 KB. */
export function testMailOf(digest: TestMail['testMail']['digest'], address: string): TestMail {
  const papers = digest.papers.slice(0, mostPapers);
  return { testMail: { digest: { ...digest, papers, isTest: true }, address } };
}

/** A paper of which nothing is odd. */
const plainPaper: DigestPaper = {
  id: 'page:a-paper',
  title: 'A paper',
  lead: 'What it says.',
  authors: ['A. Author'],
  moreAuthors: 0,
  upvotes: 1,
  url: 'https://arxiv.org/',
};

/** A digest's frame with a plain paper in it: what is wrong with that mail is wrong with each of the digest's. */
export function plainly(digest: Digest): Digest {
  const { candidates: _, ...rest } = digest;
  return { ...rest, papers: digest.papers.length === 0 ? [] : [plainPaper] };
}

/** Composes a digest's mail for somebody who is no subscriber and chose nothing but how many papers they want. */
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

/** Somebody who is no subscriber. */
export function readerForNobody({ address, ...chosen }: NobodysChoice): Reader {
  return { id: nobody, address, status: 'active', preferences: preferencesSchema.parse(chosen) };
}

/**
 * Composes and sends it like any other mail of the digest, but for the mark in its subject.
 * @throws Error when SES takes none just now: the queue brings it again
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
    // Without a digest's tag: its feedback belongs to none.
    tags: { purpose: 'test' },
  });
  if (outcome.type === 'throttled') throw new Error('SES is throttling.');
  services.logger.info('Handled a test mail', { ...about, outcome });
}
