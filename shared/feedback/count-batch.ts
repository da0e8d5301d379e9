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

/** The counts to which this invocation must still add an event. */
interface Place {
  toDigest: boolean;
  toDomain: boolean;
}

interface Told {
  event: FeedbackEvent;
  /** The ids of the messages that report the event. */
  messageIds: Set<string>;
  isNew: boolean;
  place: Promise<Place>;
}

const counted: Place = { toDigest: false, toDomain: false };

/** The attempts to look up an event while other processes write it, and the entries that one invocation may begin. */
const attempts = 5;

/** Keeps and counts the events of one invocation. An event is counted exactly once over all invocations. */
export function beginCounting(services: CountServices) {
  const { feedback, counter, ledger } = services;
  const told = new Map<string, Told>();
  const settled = new Map<string, ReturnType<FeedbackCounter['settle']>>();
  let entry = ledger.open();

  /** Settles an entry once for all its events. */
  function settle(of: Entry, digestId: string, domain?: string) {
    const name = JSON.stringify([of, digestId, domain]);
    const answer = settled.get(name) ?? counter.settle(of, digestId, domain);
    settled.set(name, answer);
    return answer;
  }

  /** Puts an event into the invocation's entry, unless it is counted already. */
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
      // The kept event was erased meanwhile.
      if (!kept) return overtaken;
      if (!kept.entry) return counted;
      const isOwn = kept.entry.writer === own.writer && kept.entry.number === own.number;
      // This process kept it: the SDK lost the first answer and tried again.
      if (isOwn) return { toDigest: true, toDomain: !kept.inDomain };
      if ((await settle(kept.entry, digestId)) === 'counted') return counted;
      const inDomain = kept.inDomain || (await settle(kept.entry, digestId, event.domain)) === 'counted';
      const moved = await feedback.moveTo(event, kept.entry, own, inDomain);
      return moved ? { toDigest: true, toDomain: !inDomain } : overtaken;
    });
  }

  /**
   * @returns the counts to which the events are to be added, without the events for which that failed: they must come
   * again
   */
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
       * A failed write may have been stored all the same. Then its event names this entry, but will not be added under
       * it. So no event is added under this entry: the others go to a new one.
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
    // The digest last: so an event that is added to it is added to its domain already.
    await counter.addToDomains(digestId, toDomain, entry);
    let totals: FeedbackTotals;
    if (toDigest.length > 0) totals = await counter.addToDigest(digestId, toDigest, entry);
    // The process that counted these events may have been killed before it judged the counts.
    else totals = await counter.read(digestId);
    if (await haltIfPastLimit(services, digestId, totals)) services.logger.warn('A digest was halted', { digestId });
  }

  return {
    /**
     * Keeps an event. `finish` counts it even if its message fails later: the repeated message then finds it counted.
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
     * Counts the kept events and judges their digests. Call it once, after `keep` was called for every event.
     * @returns the ids of the messages that must come again, because their event was not counted or their digest not
     * judged
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
      // An event without an entry may be kept, but is not counted: only this list makes its message come again.
      const entered = new Set(placed.map(([one]) => one));
      for (const one of told.values()) if (!entered.has(one)) for (const id of one.messageIds) failed.add(id);
      return failed;
    },

    /** For the log: the number of new events by SES's type, and the number of repeated ones. */
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
