import { createHash } from 'node:crypto';
import type { RecordConsent } from '../consents/record.ts';
import { confirmationMail } from '../email/confirmation-mail.tsx';
import { dataMail } from '../email/data-mail.tsx';
import { feedbackId } from '../email/headers.ts';
import { type MailIdentity, senderOf } from '../email/identity.ts';
import { manageMail } from '../email/manage-mail.tsx';
import { composeMessage } from '../email/mime.ts';
import { SharedPiece } from '../email/pieces.ts';
import type { SendMail, SendOutcome } from '../email/ses.ts';
import type { Logger } from '../platform/logger.ts';
import { type KeyRing, subscriberIdOf } from '../subscribers/keys.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { Subscriber } from '../subscribers/subscriber.ts';
import { newGeneration, signToken } from '../subscribers/tokens.ts';
import type { MailRequest } from './mail-request.ts';
import { type Decision, decideLink, decideRenewal, decideSignUp } from './sign-up.ts';

export interface EnrollServices {
  keys: KeyRing;
  subscribers: SubscriberRepository;
  recordConsent: RecordConsent;
  sendMail: SendMail;
  identity: MailIdentity;
  logger: Pick<Logger, 'info' | 'error'>;
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
}

/**
 * How long is waited (milliseconds) before a mail that SES found too fast is tried again: a person waits for it, and the
 * queue would deliver the request again after minutes only.
 */
const throttlePauses = [250, 500, 1_000, 2_000, 4_000];

/**
 * Decides what a request means, stores it, and sends the mail that it asks for, if any.
 * @param messageId stays the same when the queue delivers the request again
 * @throws Error when the mail was not taken: the queue delivers the request again
 */
export async function enroll(services: EnrollServices, request: MailRequest, messageId: string): Promise<void> {
  const { keys, subscribers, logger } = services;
  const id = request.kind === 'sign-up' ? subscriberIdOf(keys, request.identity) : request.subscriberId;
  const nonce = createHash('sha256').update(messageId).digest('base64url').slice(0, 22);
  const stored = await subscribers.getMany([id]);
  const known = stored.subscribers.get(id);
  const decided = decide(known, id, request, nonce);
  const decision = known || !stored.tombstones.has(id) ? decided : withFreshLinks(decided);
  if (decision.action === 'ignore') {
    logger.info('A request needs no mail', { kind: request.kind, subscriberId: id, reason: decision.reason });
    return;
  }
  const { subscriber } = decision;
  if (subscriber !== known) {
    if (decision.action === 'confirm') {
      const { requestedAt: at, by, origin } = request;
      await services.recordConsent({ subscriberId: id, at, action: 'requested', by, origin });
    }
    if (!(await subscribers.put(subscriber))) throw new Error('Somebody else wrote the subscriber just now.');
  }
  const outcome = await sendPatiently(services, await compose(services, decision), subscriber, decision.action);
  if (outcome.type === 'refused') {
    // Trying again would be refused again; the person sees no mail and can correct the address.
    logger.error('A mail was refused', { kind: request.kind, subscriberId: id, reason: outcome.reason });
  } else if (outcome.type !== 'accepted') {
    throw new Error(`The ${decision.action} mail did not go out: ${outcome.reason}`);
  }
}

/** For what the link of each kind of mail is good. */
const purposes = { confirm: 'confirm', link: 'manage', data: 'data' } as const;

/** Whoever was erased and comes back: the links that they had then are not theirs any more. */
function withFreshLinks(decision: Decision): Decision {
  if (decision.action === 'ignore') return decision;
  return { ...decision, subscriber: { ...decision.subscriber, linkGeneration: newGeneration() } };
}

function decide(known: Subscriber | undefined, id: string, request: MailRequest, nonce: string): Decision {
  switch (request.kind) {
    case 'sign-up':
      return decideSignUp(known, id, request, nonce);
    case 'link':
      return decideLink(known, request.requestedAt, nonce);
    case 'renewal':
      return decideRenewal(known, request, request.requestedAt, nonce);
  }
}

async function compose(
  { keys, identity, now }: EnrollServices,
  decision: Exclude<Decision, { action: 'ignore' }>,
): Promise<Buffer> {
  const { id: subscriberId, address, linkGeneration } = decision.subscriber;
  const nonce = decision.action === 'confirm' ? decision.nonce : '0';
  const grant = { purpose: purposes[decision.action], subscriberId, nonce, generation: linkGeneration };
  const url = (path: string) => `${identity.publicUrl}${path}?token=${signToken(keys, grant, now())}`;
  let mail: { subject: string; html: string; text: string };
  if (decision.action === 'confirm') {
    mail = confirmationMail({ ...identity, confirmUrl: url('/subscriptions/confirm') });
  } else if (decision.action === 'data') {
    mail = dataMail({ ...identity, dataUrl: url('/own-data') });
  } else {
    mail = manageMail({ ...identity, manageUrl: url('/preferences'), occasion: decision.occasion });
  }
  return composeMessage({
    ...senderOf(identity),
    to: address,
    ...mail,
    // RFC 3834: no vacation responder answers it.
    headers: { 'Auto-Submitted': 'auto-generated', ...feedbackId(decision.action, 'asked-for') },
    date: new Date(now()),
  });
}

async function sendPatiently(
  { identity, sendMail, sleep }: EnrollServices,
  raw: Buffer,
  to: Subscriber,
  action: keyof typeof purposes,
): Promise<SendOutcome> {
  const purpose = purposes[action];
  const message = {
    from: identity.senderAddress,
    to: to.address,
    raw: [new SharedPiece(raw)],
    tags: { purpose, subscriber: to.id },
  };
  for (const pause of throttlePauses) {
    const outcome = await sendMail(message);
    if (outcome.type !== 'throttled') return outcome;
    await sleep(pause);
  }
  return sendMail(message);
}
