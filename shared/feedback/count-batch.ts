import { DamagedItemError, nameDamage } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { overtaken, retryOvertaken } from '../platform/retry.ts';
import { EntryBarred, type FeedbackCounter } from './count-repository.ts';
import type { FeedbackEvent } from './event.ts';
import { type HaltServices, haltIfPastLimit } from './halt.ts';
import type { FeedbackRepository, KeptEntry } from './repository.ts';

export interface CountServices extends HaltServices {
  feedback: Pick<FeedbackRepository, 'nameOf' | 'keep' | 'entryOf' | 'moveTo'>;
  counter: FeedbackCounter;
  logger: Pick<Logger, 'warn' | 'error'>;
}

interface Told {
  name: string;
  event: FeedbackEvent;
  /** The ids of the messages that report the event. */
  messageIds: Set<string>;
  isNew: boolean;
  /** Whether this invocation must count it. It fails if the event may not be kept. */
  isMine: Promise<boolean>;
}

/** The attempts to look up an event while other processes write it. */
const attempts = 5;

/**
 * Keeps and counts the events of one invocation. An event is counted exactly once over all invocations: it is kept with
 * the number of the entry that counts it, and an entry is stored once, after its events.
 */
export function beginCounting(services: CountServices) {
  const { feedback, counter } = services;
  const told = new Map<string, Told>();
  /** The numbers of this invocation's entries, by digest. */
  const entries = new Map<string, Promise<number>>();

  function entryOf(digestId: string): Promise<number> {
    const entry = entries.get(digestId) ?? counter.open(digestId);
    entries.set(digestId, entry);
    return entry;
  }

  /** Keeps an event in this invocation's entry, unless another entry counts it. */
  async function enter(one: Told): Promise<boolean> {
    const { name, event } = one;
    const { digestId } = event;
    if (!digestId) {
      one.isNew = await feedback.keep(event);
      return false;
    }
    const own = await entryOf(digestId);
    return retryOvertaken('An event', attempts, async () => {
      if (await feedback.keep(event, own)) {
        one.isNew = true;
        return true;
      }
      const kept = await feedback.entryOf(event);
      // The kept event was erased meanwhile.
      if (!kept) return overtaken;
      // This process kept it: the SDK lost the first answer and tried again.
      if (kept.entry === own) return true;
      if (kept.entry === undefined || (await isCounted(digestId, kept.entry, name))) return false;
      return (await feedback.moveTo(event, kept.entry, own)) || overtaken;
    });
  }

  function isCounted(digestId: string, entry: KeptEntry, name: string): Promise<boolean> {
    if (typeof entry === 'number') return counter.hasCounted(digestId, entry, name);
    const [writer = '', number] = String(entry).split('#');
    return counter.hadCounted(digestId, writer, Number(number));
  }

  async function countDigest(digestId: string, entry: number, all: Told[]): Promise<void> {
    const outcomes = await Promise.allSettled(all.map(one => one.isMine));
    const mine: FeedbackEvent[] = [];
    /** A failed write may have been stored all the same, and then its event names this entry. */
    const unsure: string[] = [];
    for (const [index, { event, name }] of all.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === 'rejected') unsure.push(name);
      else if (outcome?.value) mine.push(event);
    }
    if (mine.length + unsure.length > 0) await counter.add(digestId, entry, mine, unsure);
    else counter.giveBack(digestId, entry);
    // Also without new events: the process that counted these may have been killed before it judged the counts.
    if (await haltIfPastLimit(services, digestId)) services.logger.warn('A digest was halted', { digestId });
  }

  return {
    /**
     * Keeps an event. `finish` counts it even if its message fails later: the repeated message then finds it counted.
     */
    async keep(event: FeedbackEvent, messageId: string): Promise<void> {
      const name = feedback.nameOf(event);
      let one = told.get(name);
      if (!one) {
        one = { name, event, messageIds: new Set(), isNew: false, isMine: Promise.resolve(false) };
        one.isMine = enter(one);
        told.set(name, one);
      }
      one.messageIds.add(messageId);
      await one.isMine;
    },

    /**
     * Counts the kept events and judges their digests. Call it once, after `keep` was called for every event.
     * @returns the ids of the messages that must come again, because their event was not counted or their digest not
     * judged; those for which `keep` failed are not repeated here
     */
    async finish(): Promise<Set<string>> {
      const failed = new Set<string>();
      for (const [digestId, entry] of entries) {
        const all = [...told.values()].filter(one => one.event.digestId === digestId);
        try {
          await countDigest(digestId, await entry, all);
        } catch (error) {
          const about = { digestId, error: error as Error };
          if (error instanceof EntryBarred) services.logger.warn('Feedback is counted by another process', about);
          else services.logger.error('Feedback was not counted or judged', about);
          if (error instanceof DamagedItemError) nameDamage(error);
          for (const { messageIds } of all) for (const id of messageIds) failed.add(id);
        }
      }
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
