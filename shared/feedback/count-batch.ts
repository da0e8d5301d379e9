import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { EntryBarred, type FeedbackCounter, type FeedbackTotals } from './count-repository.ts';
import type { FeedbackEvent } from './event.ts';
import { type HaltServices, haltIfPastLimit } from './halt.ts';
import type { Entry, Ledger } from './ledger.ts';
import type { FeedbackRepository } from './repository.ts';

export interface CountServices extends HaltServices {
  feedback: Pick<FeedbackRepository, 'nameOf' | 'keep' | 'entryOf' | 'moveTo'>;
  counter: FeedbackCounter;
  ledger: Ledger;
  logger: Pick<Logger, 'warn' | 'error'>;
}

/** What an event is still to be added to in this invocation. */
interface Place {
  toDigest: boolean;
  toDomain: boolean;
}

interface Told {
  event: FeedbackEvent;
  /** Of the messages that tell of it. */
  messageIds: Set<string>;
  isNew: boolean;
  place: Promise<Place>;
}

const counted: Place = { toDigest: false, toDomain: false };

/** How often an event is looked up when others write it at the same time, and how often an entry is begun anew. */
const attempts = 5;

/** Keeps and counts the events of one invocation, each exactly once, whatever happened to it in other ones. */
export function beginCounting(services: CountServices) {
  const { feedback, counter, ledger } = services;
  const told = new Map<string, Told>();
  const settled = new Map<string, ReturnType<FeedbackCounter['settle']>>();
  let entry = ledger.open();

  /** Asks once for all events of an entry. */
  function settle(of: Entry, digestId: string, domain?: string) {
    const name = JSON.stringify([of, digestId, domain]);
    const answer = settled.get(name) ?? counter.settle(of, digestId, domain);
    settled.set(name, answer);
    return answer;
  }

  /** Has an event counted in the invocation's entry, unless it is counted already. */
  async function enter(one: Told): Promise<Place> {
    const { event } = one;
    const { digestId } = event;
    const own = entry;
    return retryOvertaken('An event', attempts, async () => {
      if (await feedback.keep(event, digestId ? own : undefined)) {
        one.isNew = true;
        return { toDigest: digestId !== undefined, toDomain: digestId !== undefined };
      }
      if (!digestId) return counted;
      const kept = await feedback.entryOf(event);
      // Erased meanwhile.
      if (!kept) return overtaken;
      if (!kept.entry) return counted;
      const isOwn = kept.entry.writer === own.writer && kept.entry.number === own.number;
      // The SDK has kept it twice, because the first answer was lost.
      if (isOwn) return { toDigest: true, toDomain: !kept.inDomain };
      if ((await settle(kept.entry, digestId)) === 'counted') return counted;
      const inDomain = kept.inDomain || (await settle(kept.entry, digestId, event.domain)) === 'counted';
      const moved = await feedback.moveTo(event, kept.entry, own, inDomain);
      return moved ? { toDigest: true, toDomain: !inDomain } : overtaken;
    });
  }

  /** @returns where the events are to be added; those of which that can't be said are left out: they must come again */
  async function places(): Promise<[Told, Place][]> {
    let all = [...told.values()];
    return retryOvertaken('The entry of some events', attempts, async () => {
      const outcomes = await Promise.allSettled(all.map(one => one.place));
      const entered = all.flatMap((one, index): [Told, Place][] => {
        const outcome = outcomes[index];
        return outcome?.status === 'fulfilled' ? [[one, outcome.value]] : [];
      });
      if (entered.length === all.length) return entered;
      /*
       * What could not be written may have been written all the same, and then names this entry without being among what
       * is added under it. So nothing is: the others go to another entry.
       */
      all = entered.map(([one]) => one);
      entry = ledger.open();
      for (const one of all) one.place = enter(one);
      return overtaken;
    });
  }

  async function countDigest(digestId: string, placed: [Told, Place][]): Promise<void> {
    const toDomain = placed.flatMap(([{ event }, place]) => (place.toDomain ? event : []));
    const toDigest = placed.flatMap(([{ event }, place]) => (place.toDigest ? event : []));
    // The digest last: an event that has been added to it has been added to its domain.
    await counter.addToDomains(digestId, toDomain, entry);
    let totals: FeedbackTotals;
    if (toDigest.length > 0) totals = await counter.addToDigest(digestId, toDigest, entry);
    // Whoever counted these may have died before judging the counts.
    else totals = await counter.read(digestId);
    if (await haltIfPastLimit(services, digestId, totals)) services.logger.warn('A digest was halted', { digestId });
  }

  return {
    /**
     * Keeps an event. It is counted at the end even if this fails, or the message does later on: when the message comes
     * again, it finds out.
     */
    async keep(event: FeedbackEvent, messageId: string): Promise<void> {
      const name = feedback.nameOf(event);
      let one = told.get(name);
      if (!one) {
        one = { event, messageIds: new Set(), isNew: false, place: Promise.resolve(counted) };
        one.place = enter(one);
        told.set(name, one);
      }
      one.messageIds.add(messageId);
      await one.place;
    },

    /**
     * Counts what is to be counted, and judges the digests, once every event was handed to `keep`.
     * @returns ids of the messages that must come again, because their event was not counted or their digest not judged
     */
    async finish(): Promise<Set<string>> {
      const failed = new Set<string>();
      const fail = (ones: Iterable<Told>, error: unknown, digestId?: string) => {
        const about = { ...(digestId && { digestId }), error: error as Error };
        if (error instanceof EntryBarred) services.logger.warn('Feedback is counted by another process', about);
        else services.logger.error('Feedback was not counted or judged', about);
        if (error instanceof DamagedItemError) nameDamage(error);
        for (const one of ones) for (const id of one.messageIds) failed.add(id);
      };
      let placed: [Told, Place][];
      try {
        placed = await places();
      } catch (error) {
        fail(told.values(), error);
        return failed;
      }
      for (const digestId of new Set(placed.flatMap(([{ event }]) => event.digestId ?? []))) {
        const mine = placed.filter(([{ event }]) => event.digestId === digestId);
        try {
          await countDigest(digestId, mine);
        } catch (error) {
          fail(
            mine.map(([one]) => one),
            error,
            digestId,
          );
        }
      }
      if (failed.size === 0) ledger.close(entry);
      // What could not be moved to this entry has been kept, so that nobody else knows that its message must come again.
      const entered = new Set(placed.map(([one]) => one));
      for (const one of told.values()) if (!entered.has(one)) for (const id of one.messageIds) failed.add(id);
      return failed;
    },

    /** Kinds of the events that were kept for the first time, and how often each came; and how many were kept before. */
    summary() {
      const types: Record<string, number> = {};
      let again = 0;
      for (const { event, isNew } of told.values()) {
        if (isNew) types[event.rawType] = (types[event.rawType] ?? 0) + 1;
        else again += 1;
      }
      return { types, again };
    },
  };
}
