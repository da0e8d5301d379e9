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

/** A note that a source has stalled waits this long for its papers. The planner can catch up with twice as much. */
const papersMayComeFor = 2 * hour;
/** A digest without any record is overdue this long after its time. */
const overdueAfter = hour;

export interface PublishDueServices extends PublishServices {
  recordMetric: RecordMetric;
  logger: Pick<Logger, 'info' | 'error'>;
}

/** The outcome of one attempt to make a digest. */
export interface Tried {
  digestId: string;
  outcome: PublishResult['outcome'];
  reason?: string;
}

/**
 * A run of the timer: makes each digest that is due, missing and still fresh, so that a run makes up for earlier ones
 * that failed. A digest that fails stops no other; the run fails after all were tried. Several runs, one after another
 * or at once, make nothing twice. A run with nothing to make costs one read.
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
    // Digests that were let go are told of by the first run that has a new digest to make.
    await tryEach([...(isNew ? [() => tellOfLetGo(services, now)] : []), make], step => step());
  } finally {
    measure(services, due, decided, now);
  }
  return tried;
}

/** Makes the digests of a day, however old, for an operator. */
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

/** Records the digests that were not made in time, and publishes each once. */
async function tellOfLetGo(services: PublishDueServices, now: number): Promise<void> {
  const past = pastDigests(now);
  const gone = letGo(past, await services.digests.decided(past.map(({ id }) => id)));
  await tryEach(gone, async ({ id, freshUntil }) => {
    const reason = `It was not made in time: until ${new Date(freshUntil).toISOString()}, nobody could make it.`;
    services.logger.error('A digest was let go', { digestId: id, reason });
    await recordNothing(services, id, reason, now);
  });
}

/** Measures, in each run, how many due digests are missing. A run that records nothing raises an alarm, too. */
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
