import { feedbackId } from '../email/headers.ts';
import { type MailIdentity, senderOf } from '../email/identity.ts';
import { composeMessage } from '../email/mime.ts';
import { SharedPiece } from '../email/pieces.ts';
import type { SendMail, SendOutcome } from '../email/ses.ts';
import type { Logger } from '../platform/logger.ts';
import type { KeyRing } from '../subscribers/keys.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import type { TokenPurpose } from '../subscribers/tokens.ts';

export interface AnswerServices {
  keys: KeyRing;
  sendMail: SendMail;
  identity: MailIdentity;
  logger: Pick<Logger, 'info' | 'error'>;
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
}

export interface Mail {
  subject: string;
  html: string;
  text: string;
}

/**
 * The waits (milliseconds) between tries of a throttled mail: a reader waits for it, and the queue waits for minutes.
 */
const throttlePauses = [250, 500, 1_000, 2_000, 4_000];

/**
 * Mails an answer to a subscriber. A refused mail is logged.
 * @param purpose of the link in the mail
 * @throws Error if the mail was not accepted for another reason: the queue delivers the request again
 */
export async function sendAnswer(
  services: AnswerServices,
  { id, address }: Pick<Subscriber, 'id' | 'address'>,
  mail: Mail,
  purpose: TokenPurpose,
): Promise<void> {
  const { identity, logger, now } = services;
  const raw = await composeMessage({
    ...senderOf(identity),
    to: address,
    ...mail,
    // RFC 3834: vacation responders do not answer it.
    headers: { 'Auto-Submitted': 'auto-generated', ...feedbackId(purpose, 'asked-for') },
    date: new Date(now()),
  });
  const tags = { purpose, subscriber: id };
  const message = { from: identity.senderAddress, to: address, raw: [new SharedPiece(raw)], tags };
  const outcome = await sendPatiently(services, message);
  if (outcome.type === 'refused') {
    // SES would refuse it again. The reader sees no mail and can correct the address.
    logger.error('A mail was refused', { purpose, subscriberId: id, reason: outcome.reason });
  } else if (outcome.type !== 'accepted') {
    throw new Error(`The ${purpose} mail did not go out: ${outcome.reason}`);
  }
}

async function sendPatiently(
  { sendMail, sleep }: AnswerServices,
  message: Parameters<SendMail>[0],
): Promise<SendOutcome> {
  for (const pause of throttlePauses) {
    const outcome = await sendMail(message);
    if (outcome.type !== 'throttled') return outcome;
    await sleep(pause);
  }
  return sendMail(message);
}
