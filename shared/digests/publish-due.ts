import { hour } from '../platform/durations.ts';
import type { Logger } from '../platform/logger.ts';
import type { RecordMetric } from '../platform/metrics.ts';
import { tryEach } from '../platform/try-each.ts';
import { type DueDigest, decidedInTime, dueDigests, isToBeMade, letGo, pastDigests } from './due.ts';
import { dueOn } from './period.ts';
import {
  type EmptyDays,
  type PublishOptions,
  type PublishResult,
  type PublishServices,
  publishDigest,
  recordNothing,
} from './publish.ts';
import type { Decided } from './repository.ts';

/** A note that a source has stalled waits so long for its papers; the planner catches up with twice as much. */
const papersMayComeFor = 2 * hour;
/** After its time, a digest of which nothing is known is overdue. */
const overdueAfter = hour;

export interface PublishDueServices extends PublishServices {
  recordMetric: RecordMetric;
  logger: Pick<Logger, 'info' | 'error'>;
}

/** What became of a digest that was tried. */
export interface Tried {
  digestId: string;
  outcome: PublishResult['outcome'];
  reason?: string;
}

/**
 * What the timer does: makes each digest that is due and missing, as long as it would be fresh, so that the next run makes up
 * for those that failed. One that fails stops no other, and fails the run once all were tried. Running it again, or several
 * times at once, makes nothing twice; when there is nothing to make, it takes one read.
 * @param now epoch milliseconds
 */
export async function publishDue(
  services: PublishDueServices,
  now: number,
  emptyDays: EmptyDays | undefined,
): Promise<Tried[]> {
  const due = dueDigests(now);
  const decided = await services.digests.decided(due.map(({ id }) => id));
  const isNew = due.some(digest => !decidedInTime(digest, decided.get(digest.id)));
  const wanted = due.filter(digest => isToBeMade(digest, decided.get(digest.id), now, emptyDays));
  const tried: Tried[] = [];
  const make = () =>
    tryEach(wanted, async ({ id, dueAt, freshUntil }) => {
      const options = { ...(emptyDays && { emptyDays }), freshUntil, notStalledBefore: dueAt + papersMayComeFor };
      const one = await tryOne(services, id, now, options);
      decided.set(id, one.outcome === 'no papers' ? { reason: one.reason ?? '', at: now } : 'made');
      tried.push(one);
    });
  try {
    // When one is new, it is the first that is made since some were let go, if any were.
    await tryEach([...(isNew ? [() => tellOfLetGo(services, now)] : []), make], step => step());
  } finally {
    measure(services, due, decided, now);
  }
  return tried;
}

/** What an operator starts by hand: makes the digests of a day, however old. */
export async function publishDay(
  services: PublishDueServices,
  day: string,
  now: number,
  emptyDays: EmptyDays | undefined,
): Promise<Tried[]> {
  const tried: Tried[] = [];
  await tryEach(dueOn(day), async id =>
    tried.push(await tryOne(services, id, now, { ...(emptyDays && { emptyDays }) })),
  );
  return tried;
}

async function tryOne(services: PublishDueServices, id: string, now: number, options: PublishOptions): Promise<Tried> {
  const result = await publishDigest(services, id, now, options);
  const { outcome } = result;
  const reason = outcome === 'no papers' ? result.reason : result.digest.statusReason;
  const tried = { digestId: id, outcome, ...(reason && { reason }) };
  const leftOut = result.outcome === 'published' ? (result.digest.leftOut ?? []) : [];
  for (const { id: paperId, fault } of leftOut.filter(one => one.reason === 'unfit')) {
    services.logger.error('A paper was left out, as no mail may hold it', { digestId: id, paperId, fault });
  }
  services.logger.info('Made a digest that is due', tried);
  return tried;
}

/** Puts on record, and says once on the bus, which digests nobody made in time. */
async function tellOfLetGo(services: PublishDueServices, now: number): Promise<void> {
  const past = pastDigests(now);
  const gone = letGo(past, await services.digests.decided(past.map(({ id }) => id)));
  await tryEach(gone, async ({ id, freshUntil }) => {
    const reason = `It was not made in time: until ${new Date(freshUntil).toISOString()}, nobody could make it.`;
    services.logger.error('A digest was let go', { digestId: id, reason });
    await recordNothing(services, id, reason, now);
  });
}

/** Measures what is missing of the digests that are due, each time: a run that can't is missed by the alarms, too. */
function measure(
  { recordMetric }: PublishDueServices,
  due: readonly DueDigest[],
  decided: ReadonlyMap<string, Decided>,
  now: number,
): void {
  const stands = due.map(digest => ({ ...digest, found: decidedInTime(digest, decided.get(digest.id)) }));
  const overdue = stands.filter(({ found, dueAt }) => found === undefined && now >= dueAt + overdueAfter);
  const withoutPapers = stands.filter(({ found, rest }) => typeof found === 'object' && !rest);
  recordMetric('DigestsOverdue', overdue.length);
  recordMetric('DigestsWithoutPapers', withoutPapers.length);
}
