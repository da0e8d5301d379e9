import type { Hono } from 'hono';
import { dailyIdOf, freshFor, nextDailyDay, publicationTime } from '../../../shared/digests/period.ts';
import { mount } from '../../../shared/http/route.ts';
import { freshnessIn, sourcesIn } from '../../../shared/papers/freshness.ts';
import { orNamed } from '../../../shared/platform/damaged.ts';
import { addDays, featuredDay } from '../../../shared/time/day.ts';
import type { PublicServices } from '../services.ts';
import { showStatus } from './contract.ts';

/** Days back: a source that is read at all has a record in one of them. */
const daysBack = 7;

export function mountStatus(app: Hono, services: PublicServices): void {
  mount(app, showStatus, async () => {
    const now = services.now();
    const day = featuredDay(now);
    const records = await services.sourceDays.list(addDays(day, -daysBack), addDays(day, 1));
    const sources = sourcesIn(records).map(source => {
      const record = records.find(one => one.source === source && one.day === day);
      return {
        source,
        ...freshnessIn(records, source, day, now),
        papers: record?.papers ?? 0,
        ...(record?.readAt !== undefined && { readAt: new Date(record.readAt).toISOString() }),
      };
    });
    return { answer: { day, sources, digest: await newestDigest(services, now) } };
  });
}

async function newestDigest(services: PublicServices, now: number) {
  const day = addDays(nextDailyDay(now), -1);
  const id = dailyIdOf(day);
  if ((await orNamed(services.digests.get(id)))?.papers.length) return { id, state: 'published' as const };
  const nothing = await services.digests.getNothing(id);
  const dueAt = publicationTime(day);
  // A record from before the digest was due says nothing about it.
  if (nothing && nothing.at >= dueAt) return { id, state: 'nothing announced' as const, reason: nothing.reason };
  const [since, until] = [dueAt, dueAt + freshFor.daily].map(at => new Date(at).toISOString());
  return { id, state: 'missing' as const, reason: `It has been due since ${since}, and is tried until ${until}.` };
}
