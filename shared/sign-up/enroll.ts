import { createHash } from 'node:crypto';
import type { NewestTitles, ReadTitles } from '../digests/newest-titles.ts';
import { confirmationMail, newAddressMail } from '../email/confirmation-mail.tsx';
import { dataMail } from '../email/data-mail.tsx';
import { manageMail } from '../email/manage-mail.tsx';
import type { Tombstone } from '../subscribers/items.ts';
import { subscriberIdOf } from '../subscribers/keys.ts';
import { requestsOf, type Subscriber } from '../subscribers/subscriber.ts';
import { newGeneration, signToken } from '../subscribers/tokens.ts';
import { type AnswerServices, type Mail, sendAnswer } from './answer.ts';
import type { SubscriptionServices } from './leave.ts';
import type { MailRequest } from './mail-request.ts';
import { type Decision, decideLink, decideRenewal, decideSignUp } from './sign-up.ts';
import { settleAndTell } from './tell-moved.ts';

export interface EnrollServices extends SubscriptionServices, AnswerServices {
  /** The titles that confirmations show. Messages that are worked on together share one reading. */
  readTitles: ReadTitles;
}

/**
 * Decides on a request, stores the decision, and sends its mail, if any.
 * @param messageId the same if the queue delivers the request again
 * @throws Error if the mail was not accepted, or another process wrote the subscriber: the queue delivers again
 */
export async function enroll(services: EnrollServices, request: MailRequest, messageId: string): Promise<void> {
  if (request.kind === 'move') {
    await settleAndTell(services, request);
    return;
  }
  const { keys, subscribers, logger } = services;
  const id = request.kind === 'sign-up' ? subscriberIdOf(keys, request.identity) : request.subscriberId;
  const nonce = createHash('sha256').update(messageId).digest('base64url').slice(0, 22);
  const stored = await subscribers.getMany([id]);
  const known = stored.subscribers.get(id);
  const decided = decide(known, id, request, nonce);
  const tombstone = known ? undefined : stored.tombstones.get(id);
  const decision = tombstone ? decideAfter(tombstone, decided) : decided;
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
    if (!(await subscribers.put(subscriber))) throw new Error('Another process wrote the subscriber just now.');
  }
  await sendAnswer(services, subscriber, await composeMail(services, decision), purposes[decision.action]);
}

/** The purpose of the link in each kind of mail. */
const purposes = { confirm: 'confirm', link: 'manage', data: 'data' } as const;

/**
 * The decision for an erased subscriber: old links stay void, and an address that bounced or complained gets no mail.
 */
function decideAfter({ status }: Tombstone, decision: Decision): Decision {
  if (decision.action === 'ignore') return decision;
  if (status === 'bounced' || status === 'complained') return { action: 'ignore', reason: 'suppressed' };
  return { ...decision, subscriber: { ...decision.subscriber, linkGeneration: newGeneration() } };
}

function decide(
  known: Subscriber | undefined,
  id: string,
  request: Exclude<MailRequest, { kind: 'move' }>,
  nonce: string,
): Decision {
  switch (request.kind) {
    case 'sign-up':
      return decideSignUp(known, id, request, nonce);
    case 'link':
      return decideLink(known, request, nonce);
    case 'renewal':
      return decideRenewal(known, request, request.requestedAt, nonce);
  }
}

async function composeMail(services: EnrollServices, decision: Exclude<Decision, { action: 'ignore' }>): Promise<Mail> {
  const { keys, identity, now } = services;
  const { id: subscriberId, linkGeneration } = decision.subscriber;
  const nonce = decision.action === 'confirm' ? decision.nonce : '0';
  const grant = { purpose: purposes[decision.action], subscriberId, nonce, generation: linkGeneration };
  const url = (path: string) => `${identity.publicUrl}${path}?token=${signToken(keys, grant, now())}`;
  switch (decision.action) {
    case 'confirm':
      return composeConfirmation(services, decision, url('/subscriptions/confirm'));
    case 'data':
      return dataMail({ ...identity, dataUrl: url('/own-data') });
    case 'link':
      return manageMail({ ...identity, manageUrl: url('/preferences'), occasion: decision.occasion });
  }
}

/** The mail for the request with the decision's nonce: a sign-up or a move. */
async function composeConfirmation(
  { identity, readTitles, logger }: EnrollServices,
  { subscriber, nonce }: Extract<Decision, { action: 'confirm' }>,
  confirmUrl: string,
): Promise<Mail> {
  const request = requestsOf(subscriber).find(each => each.nonce === nonce);
  if (request?.replaces !== undefined) return newAddressMail({ ...identity, confirmUrl });
  const rhythm = (request ?? subscriber).preferences;
  // Those of the digest that the reader will get; before the first weekly, of a daily.
  const kinds = rhythm.frequency === 'weekly' ? (['weekly', 'daily'] as const) : (['daily'] as const);
  let newest: NewestTitles | undefined;
  try {
    for (const kind of kinds) newest ??= await readTitles(kind);
  } catch (error) {
    // Titles are worth no mail: it goes out without them when they can't be read.
    logger.error('The newest titles could not be read', { error: error as Error });
  }
  return confirmationMail({ ...identity, confirmUrl, rhythm, newest });
}
