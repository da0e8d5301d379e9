import { movedMail } from '../email/moved-mail.tsx';
import { overtaken } from '../platform/retry.ts';
import { isConfirmed, type Subscriber } from '../subscribers/subscriber.ts';
import { signToken } from '../subscribers/tokens.ts';
import { type AnswerServices, sendAnswer } from './answer.ts';
import { retried, type SubscriptionServices } from './leave.ts';
import type { MoveRequest } from './mail-request.ts';
import { endArrivals, settleMove } from './moves.ts';

/**
 * Completes a move, or taking one back, in case the process that began it was killed. Then mails the old address once
 * about a move that was made. A move that was queued and never begun is ignored.
 * @throws Error if the mail was not accepted: the queue then delivers the request again
 */
export async function settleAndTell(
  services: SubscriptionServices & AnswerServices,
  request: MoveRequest,
): Promise<void> {
  const { subscriberId: from, to, nonce, requestedAt: at, by, origin } = request;
  const { subscribers, logger } = services;
  const visit = { at, by, origin };
  const before = await subscribers.get(from);
  if (before?.takenBack?.nonce === nonce) {
    await endArrivals(services, { to, nonce }, visit);
    return;
  }
  const arrived = await subscribers.get(to);
  if (arrived && isConfirmed(arrived, nonce)) await settleMove(services, { from, to, nonce, at }, visit);
  const old = await subscribers.get(from);
  const reason = reasonToBeSilent(old, nonce);
  if (!old || reason) {
    logger.info('A move needs no mail', { subscriberId: from, reason });
    return;
  }
  await sendAnswer(services, old, composeMail(services, old, nonce), 'takeback');
  await retried(async () => {
    const now = await subscribers.get(from);
    if (now?.movedTo?.nonce !== nonce) return undefined;
    const told = { ...now, movedTo: { ...now.movedTo, toldAt: services.now() } };
    return (await subscribers.put(told)) ? undefined : overtaken;
  });
}

function reasonToBeSilent(old: Subscriber | undefined, nonce: string): string | undefined {
  if (old?.movedTo?.nonce !== nonce) return 'not made';
  if (old.movedTo.toldAt !== undefined) return 'told already';
  // An old address that bounced (perhaps the reason to move) or complained is not written to.
  return old.status === 'unsubscribed' ? undefined : 'suppressed';
}

function composeMail({ keys, identity, now }: AnswerServices, old: Subscriber, nonce: string) {
  const grant = { purpose: 'takeback' as const, subscriberId: old.id, nonce, generation: old.linkGeneration };
  const token = signToken(keys, grant, now());
  return movedMail({ ...identity, takeBackUrl: `${identity.publicUrl}/subscriptions/take-back?token=${token}` });
}
