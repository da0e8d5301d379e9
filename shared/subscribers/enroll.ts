import { createHash } from 'node:crypto';
import { confirmationMail } from '../email/confirmation-mail.tsx';
import type { MailIdentity } from '../email/identity.ts';
import { composeMessage } from '../email/mime.ts';
import { SharedPiece } from '../email/pieces.ts';
import type { SendMail } from '../email/ses.ts';
import type { Logger } from '../platform/logger.ts';
import type { RecordConsent } from './consents.ts';
import { type KeyRing, subscriberIdOf } from './keys.ts';
import type { SubscriberRepository } from './repository.ts';
import { decideSignUp, type SignUp } from './sign-up.ts';
import { signToken } from './tokens.ts';

export interface EnrollServices {
  keys: KeyRing;
  subscribers: SubscriberRepository;
  recordConsent: RecordConsent;
  sendMail: SendMail;
  identity: MailIdentity;
  logger: Pick<Logger, 'info' | 'error'>;
  now: () => number;
}

/**
 * Decides what a sign-up means, stores it, and mails the confirmation link.
 * @param messageId stays the same when the queue delivers the sign-up again
 * @throws Error when the mail was not taken: the queue delivers the sign-up again
 */
export async function enroll(services: EnrollServices, signUp: SignUp, messageId: string): Promise<void> {
  const { keys, subscribers, logger } = services;
  const id = subscriberIdOf(keys, signUp.identity);
  const nonce = createHash('sha256').update(messageId).digest('base64url').slice(0, 22);
  const known = await subscribers.get(id);
  const decision = decideSignUp(known, id, signUp, nonce);
  if (decision.action === 'ignore') {
    logger.info('A sign-up needs no mail', { subscriberId: id, reason: decision.reason });
    return;
  }
  if (known?.pendingRequest?.nonce !== nonce) {
    await services.recordConsent({
      subscriberId: id,
      at: signUp.requestedAt,
      action: 'requested',
      by: signUp.by,
      origin: signUp.origin,
    });
    if (!(await subscribers.put(decision.subscriber))) throw new Error('Somebody else wrote the subscriber just now.');
  }
  const outcome = await sendConfirmation(services, signUp.address, id, nonce);
  if (outcome.type === 'refused') {
    // Trying again would be refused again; the person sees no mail and can correct the address.
    logger.error('A confirmation mail was refused', { subscriberId: id, reason: outcome.reason });
  } else if (outcome.type !== 'accepted') {
    throw new Error(`The confirmation mail did not go out: ${outcome.reason}`);
  }
}

async function sendConfirmation(services: EnrollServices, address: string, subscriberId: string, nonce: string) {
  const { identity } = services;
  const token = signToken(services.keys, { purpose: 'confirm', subscriberId, nonce }, services.now());
  const mail = confirmationMail({
    confirmUrl: `${identity.publicUrl}/subscriptions/confirm?token=${token}`,
    publicUrl: identity.publicUrl,
    senderName: identity.senderName,
    postalAddress: identity.postalAddress,
  });
  const raw = await composeMessage({
    from: { name: identity.senderName, address: identity.senderAddress },
    to: address,
    ...mail,
    // RFC 3834: no vacation responder answers it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    date: new Date(services.now()),
  });
  return services.sendMail({
    from: identity.senderAddress,
    to: address,
    raw: [new SharedPiece(raw)],
    tags: { purpose: 'confirm', subscriber: subscriberId },
  });
}
