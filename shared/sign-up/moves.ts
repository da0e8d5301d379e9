import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, type PendingRequest, type Subscriber } from '../subscribers/subscriber.ts';
import { newGeneration } from '../subscribers/tokens.ts';
import { completeRecord, leave, retried, type SubscriptionServices, type Visit } from './leave.ts';
import type { MailRequest } from './mail-request.ts';

/*
 * A move is decided by one write, that of the subscriber who moves: their item says where they went, and with which request. So only
 * one subscription comes out of one, however many moves were asked for (docs/decisions/0060-moves.md).
 */

/** A subscription that goes from one subscriber to another. */
export interface Move {
  from: string;
  to: string;
  /** Of the request that was confirmed. */
  nonce: string;
  /** When it was confirmed, epoch ms. */
  at: number;
}

/**
 * Hands a move over to whoever settles it and tells the old address, a moment later: before it is made or taken back, so that neither is
 * forgotten, whatever dies in between.
 */
export type AnnounceMove = (move: Move, visit: Visit) => Promise<void>;

/** For so long (seconds) a move is left to whoever makes it: longer than one request to the API can take. */
export const moveSeconds = 20;

/** What is queued of a move. */
export function moveRequestOf({ from, to, nonce, at }: Move, { by, origin }: Visit): MailRequest {
  return { kind: 'move', subscriberId: from, to, nonce, requestedAt: at, by: by === 'api' ? 'api' : 'page', origin };
}

/** The move that brought a subscriber here, if one did. */
export function moveOf({ id, replaces, confirmedNonce, confirmedAt }: Subscriber): Move | undefined {
  if (replaces === undefined || confirmedNonce === undefined || confirmedAt === undefined) return undefined;
  return { from: replaces, to: id, nonce: confirmedNonce, at: confirmedAt };
}

/**
 * Whether the request of a move may still be confirmed: its owner has not left, nor moved elsewhere, nor taken their links back
 * since they asked. A mailbox that fails by now is a good reason to move.
 * @param mover as they are now
 */
export function isMoveOpen(
  mover: Subscriber | undefined,
  { moverGeneration }: Pick<PendingRequest, 'moverGeneration'>,
): mover is Subscriber {
  if (mover?.status !== 'active' && mover?.status !== 'bounced') return false;
  return mover.movedTo === undefined && mover.linkGeneration === moverGeneration;
}

/** Whether the link of a request can do what it was mailed for: of all but moves, it can. */
export async function isRequestOpen(
  subscribers: Pick<SubscriberRepository, 'get'>,
  request: PendingRequest,
): Promise<boolean> {
  return request.replaces === undefined || isMoveOpen(await subscribers.get(request.replaces), request);
}

/**
 * Makes what became of a move true on both sides, once the new address is active: only now, so that a slip in it loses nobody. After
 * a crash it is done again, which is the same again. An address that was confirmed anew since then stays.
 * @returns whether it was made; else the new address has been stopped, as somebody else moved there first
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
    // What was mailed to the old address may be read by whoever has it now.
    const { id, nonce, at } = { ...move, id: move.to };
    const closed = { ...old, linkGeneration: newGeneration(), movedTo: { id, nonce, at } };
    if (!isStoppedForGood(old)) return (await leave(services, closed, visit)) ? true : 'again';
    const { pendingRequest: _, ...stopped } = closed;
    return (await services.subscribers.put(stopped)) ? true : 'again';
  });
  if (!made) await endArrivals(services, move, visit);
  return made;
}

/** How often a subscription that is ended is followed on to where it moved. */
const mostMoves = 20;

/**
 * Ends what a move has made: the subscription where it arrived, or, if it has moved on since, where it is now. Somebody who read there
 * before goes on reading.
 */
export async function endArrivals(
  services: SubscriptionServices,
  move: Pick<Move, 'to' | 'nonce'>,
  visit: Visit,
): Promise<void> {
  let next: Pick<Move, 'to' | 'nonce'> | undefined = move;
  for (let hop = 0; next && hop < mostMoves; hop += 1) next = await endArrival(services, next, visit);
}

/** @returns where it moved on to */
function endArrival(
  services: SubscriptionServices,
  { to, nonce }: Pick<Move, 'to' | 'nonce'>,
  visit: Visit,
): Promise<Pick<Move, 'to' | 'nonce'> | undefined> {
  return retried(async () => {
    const arrived = await services.subscribers.get(to);
    if (!arrived || moveOf(arrived)?.nonce !== nonce) return undefined;
    const { replaces: _, subscribedBefore, ...own } = arrived;
    if (subscribedBefore) return (await services.subscribers.put(own)) ? undefined : 'again';
    const { movedTo, ...rest } = own;
    const ended = { ...rest, linkGeneration: newGeneration() };
    const isReader = arrived.status === 'active' || (arrived.status === 'bounced' && !isStoppedForGood(arrived));
    const written = isReader ? await leave(services, ended, visit) : await services.subscribers.put(ended);
    return written ? movedTo && { to: movedTo.id, nonce: movedTo.nonce } : 'again';
  });
}
