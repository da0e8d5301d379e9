import { overtaken } from '../platform/retry.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, type PendingRequest, type Subscriber } from '../subscribers/subscriber.ts';
import { newGeneration } from '../subscribers/tokens.ts';
import { completeRecord, leave, retried, type SubscriptionServices, type Visit } from './leave.ts';
import type { MailRequest } from './mail-request.ts';

/*
 * One write decides a move: that of the mover's item, which then names the new subscriber and the request. So one
 * subscription moves to one address only, however many moves were requested (docs/decisions/0060-moves.md).
 */

/** A subscription that goes from one subscriber to another. */
export interface Move {
  from: string;
  to: string;
  /** The nonce of the confirmed request. */
  nonce: string;
  /** The time of the confirmation, epoch ms. */
  at: number;
}

/**
 * Queues a move before it is made or taken back. Behind the queue, `settleAndTell` tells the old address, and completes
 * the move if the process was killed.
 */
export type AnnounceMove = (move: Move, visit: Visit) => Promise<void>;

/** The delay (seconds) of a queued move: longer than a request to the API, which makes the move itself. */
export const moveSeconds = 20;

export function moveRequestOf({ from, to, nonce, at }: Move, { by, origin }: Visit): MailRequest {
  return { kind: 'move', subscriberId: from, to, nonce, requestedAt: at, by: by === 'api' ? 'api' : 'page', origin };
}

/** The move that brought a subscriber here, if one did. */
export function moveOf({ id, replaces, confirmedNonce, confirmedAt }: Subscriber): Move | undefined {
  if (replaces === undefined || confirmedNonce === undefined || confirmedAt === undefined) return undefined;
  return { from: replaces, to: id, nonce: confirmedNonce, at: confirmedAt };
}

/**
 * Whether the request of a move may still be confirmed. It may not once the mover has left, moved elsewhere, or taken
 * links back. A mailbox that bounces is a good reason to move.
 * @param mover the mover as stored now
 */
export function isMoveOpen(
  mover: Subscriber | undefined,
  { moverGeneration }: Pick<PendingRequest, 'moverGeneration'>,
): mover is Subscriber {
  if (mover?.status !== 'active' && mover?.status !== 'bounced') return false;
  return mover.movedTo === undefined && mover.linkGeneration === moverGeneration;
}

/** Whether the link of a request may still confirm it. Only the link of a move can be closed. */
export async function isRequestOpen(
  subscribers: Pick<SubscriberRepository, 'get'>,
  request: PendingRequest,
): Promise<boolean> {
  return request.replaces === undefined || isMoveOpen(await subscribers.get(request.replaces), request);
}

/**
 * Settles a move on both sides once the new address is active: not before, so that a mistyped address loses no reader.
 * Settling it again, for instance after a crash, changes nothing. An old address that was confirmed anew since then
 * stays active.
 * @returns false if the old subscription had moved elsewhere or was taken back; then the new address has been stopped
 */
export async function settleMove(services: SubscriptionServices, move: Move, visit: Visit): Promise<boolean> {
  const made = await retried(async () => {
    const old = await services.subscribers.get(move.from);
    if (old?.movedTo?.nonce === move.nonce) {
      await completeRecord(services, old, visit);
      return true;
    }
    if (old?.movedTo || old?.takenBack?.nonce === move.nonce) return false;
    if ((old?.status !== 'active' && old?.status !== 'bounced') || (old.confirmedAt ?? 0) > move.at) return true;
    // Another person may have the old address by now, and may read the mails that went there.
    const { id, nonce, at } = { ...move, id: move.to };
    const closed = { ...old, linkGeneration: newGeneration(), movedTo: { id, nonce, at } };
    if (!isStoppedForGood(old)) return (await leave(services, closed, visit)) ? true : overtaken;
    const { pendingRequest: _, ...stopped } = closed;
    return (await services.subscribers.put(stopped)) ? true : overtaken;
  });
  if (!made) await endArrivals(services, move, visit);
  return made;
}

/** The most moves through which a subscription is followed when it is ended. */
const mostMoves = 20;

/**
 * Ends the subscription that a move has made: at the new address, or, if it has moved on since, at its present address.
 * A subscription that an address had before the move goes on.
 */
export async function endArrivals(
  services: SubscriptionServices,
  move: Pick<Move, 'to' | 'nonce'>,
  visit: Visit,
): Promise<void> {
  let next: Pick<Move, 'to' | 'nonce'> | undefined = move;
  for (let hop = 0; next && hop < mostMoves; hop += 1) next = await endArrival(services, next, visit);
}

/** @returns the next move of the subscription, if it moved on */
function endArrival(
  services: SubscriptionServices,
  { to, nonce }: Pick<Move, 'to' | 'nonce'>,
  visit: Visit,
): Promise<Pick<Move, 'to' | 'nonce'> | undefined> {
  return retried(async () => {
    const arrived = await services.subscribers.get(to);
    if (!arrived || moveOf(arrived)?.nonce !== nonce) return undefined;
    const { replaces: _, subscribedBefore, ...own } = arrived;
    if (subscribedBefore) return (await services.subscribers.put(own)) ? undefined : overtaken;
    const { movedTo, ...rest } = own;
    const ended = { ...rest, linkGeneration: newGeneration() };
    const isReader = arrived.status === 'active' || (arrived.status === 'bounced' && !isStoppedForGood(arrived));
    const written = isReader ? await leave(services, ended, visit) : await services.subscribers.put(ended);
    return written ? movedTo && { to: movedTo.id, nonce: movedTo.nonce } : overtaken;
  });
}
