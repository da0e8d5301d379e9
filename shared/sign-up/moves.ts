import type { SubscriberRepository } from '../subscribers/repository.ts';
import { isStoppedForGood, type PendingRequest, type Subscriber } from '../subscribers/subscriber.ts';
import { newGeneration } from '../subscribers/tokens.ts';
import { completeRecord, leave, retried, type SubscriptionServices, type Visit } from './leave.ts';

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
    if (old?.movedTo) return false;
    if ((old?.status !== 'active' && old?.status !== 'bounced') || (old.confirmedAt ?? 0) > move.at) return true;
    // What was mailed to the old address may be read by whoever has it now.
    const { id, nonce, at } = { ...move, id: move.to };
    const closed = { ...old, linkGeneration: newGeneration(), movedTo: { id, nonce, at } };
    if (!isStoppedForGood(old)) return (await leave(services, closed, visit)) ? true : 'again';
    const { pendingRequest: _, ...stopped } = closed;
    return (await services.subscribers.put(stopped)) ? true : 'again';
  });
  if (!made) await endArrival(services, move, visit);
  return made;
}

/** Stops the subscriber whom a move has made, unless they read here before. */
async function endArrival(services: SubscriptionServices, move: Move, visit: Visit): Promise<void> {
  await retried(async () => {
    const arrived = await services.subscribers.get(move.to);
    if (arrived?.status !== 'active' || moveOf(arrived)?.nonce !== move.nonce) return undefined;
    const { replaces: _, subscribedBefore, ...rest } = arrived;
    if (subscribedBefore) return (await services.subscribers.put(rest)) ? undefined : 'again';
    return (await leave(services, rest, visit)) ? undefined : 'again';
  });
}
