import { sampleDigest } from '../../local/sample-digest.ts';
import type { Batch } from '../../shared/deliveries/batch.ts';
import { noCounts } from '../../shared/deliveries/delivery.ts';
import type { PlannerServices } from '../../shared/deliveries/plan-due-digests.ts';
import type { PlannedNote } from '../../shared/deliveries/repository.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { freshFor, periodOf, publicationTime } from '../../shared/digests/period.ts';
import type { SlotReader } from '../../shared/subscribers/repository.ts';

export interface SimulatedReader extends SlotReader {
  sendHour: number;
}

/** A delivery that was planned, with the reader as they were. */
export interface PlannedMail extends PlannedNote {
  digest: Digest;
  reader: SimulatedReader;
  plannedAt: number;
}

/** The planner's stores in memory, for years of planning in seconds. All that is planned counts as sent at once. */
export function createPlanningWorld(clock: { now: number }) {
  const digests = new Map<string, Digest>();
  const readers = new Map<string, SimulatedReader>();
  const notes = new Map<string, PlannedNote>();
  const batches = new Set<string>();
  const mails: PlannedMail[] = [];
  let planner: { token: string } | undefined;
  let planners = 0;
  const change = (id: string, fields: Partial<Digest>) =>
    digests.set(id, { ...(digests.get(id) as Digest), ...fields });

  const stores = {
    digests: {
      latest: async (kind: string, most: number) =>
        [...digests.values()]
          .filter(digest => digest.kind === kind)
          .toSorted((a, b) => b.date.localeCompare(a.date))
          .slice(0, most),
      leaseForPlanning: async (id: string) => ({ digest: digests.get(id), lease: { key: { pk: id } } }),
      releaseAfterPlanning: async (lease: { key: { pk: string } }, planned?: Partial<Digest>) => {
        if (planned) change(lease.key.pk, planned);
      },
      finish: async (lease: { key: { pk: string } }, _from: string, status: Digest['status'], finishedAt: number) => {
        change(lease.key.pk, { status, finishedAt });
        return true;
      },
      async leasePlanner(token: string) {
        if (planner) return undefined;
        planner = { token };
        planners += 1;
        return { token, count: planners };
      },
      async releasePlanner() {
        planner = undefined;
      },
    },
    subscribers: {
      zones: async () => [...new Set([...readers.values()].map(reader => reader.timeZone))],
      async *listSlot(slot: string) {
        for (const reader of readers.values()) if (`${reader.timeZone}#${reader.sendHour}` === slot) yield reader;
      },
    },
    deliveries: {
      notes: async (digestIds: string[], ids: string[]) =>
        digestIds.flatMap(digestId => ids.flatMap(id => notes.get(`${digestId} ${id}`) ?? [])),
      async notePlanned(digestId: string, batchId: string, members: { id: string; dueAt: number }[]) {
        for (const { id, dueAt } of members) {
          notes.set(`${digestId} ${id}`, { digestId, subscriberId: id, batchId, dueAt });
        }
      },
      async createBatch(batch: Batch) {
        batches.add(batch.id);
        for (const id of Object.keys(batch.deliveries)) {
          const note = notes.get(`${batch.digestId} ${id}`) as PlannedNote;
          const reader = { ...(readers.get(id) as SimulatedReader) };
          mails.push({ ...note, digest: digests.get(batch.digestId) as Digest, reader, plannedAt: clock.now });
        }
        return true;
      },
      getBatchHeads: async (_digestId: string, ids: string[]) =>
        ids.filter(id => batches.has(id)).map(id => ({ id, queuedAt: clock.now })),
      openBatchIds: async () => [],
    },
    progress: { record: async () => undefined, read: async () => noCounts },
  };
  const services = {
    ...stores,
    enqueueBatches: async () => undefined,
    publishEvents: async () => undefined,
    recordMetric: () => undefined,
    logger: { info: () => undefined },
    now: () => clock.now,
    reserve: 0,
    sleep: async () => undefined,
    newToken: () => String(planners),
  };
  return {
    services: services as unknown as PlannerServices,
    readers,
    mails,
    /** As the timer's run does it, in time or late. */
    publish(id: string): void {
      const { kind, date } = periodOf(id);
      const fresh = { publishedAt: clock.now, freshUntil: publicationTime(date) + freshFor[kind] };
      digests.set(id, { ...sampleDigest(date, clock.now), id, kind, ...fresh });
    },
  };
}
