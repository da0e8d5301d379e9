import type { Hono } from 'hono';
import { dailyIdOf, freshFor, nextDailyDay, publicationTime } from '../../../shared/digests/period.ts';
import { briefly, publicFor } from '../../../shared/http/caching.ts';
import { mount } from '../../../shared/http/route.ts';
import { freshnessIn, sourcesIn } from '../../../shared/papers/freshness.ts';
import { orNamed } from '../../../shared/platform/damaged.ts';
import { addDays, featuredDay } from '../../../shared/time/day.ts';
import type { PublicServices } from '../services.ts';
import { type Status, showStatus } from './contract.ts';
import { statusPage } from './status-view.tsx';

/** Days back: a source that is read at all has a record in one of them. */
const daysBack = 7;

export function mountStatus(app: Hono, services: PublicServices): void {
  mount(app, showStatus, async () => ({ answer: await statusOf(services) }));

  app.get('/status', publicFor(briefly), async c => {
    const next = nextDailyDay(services.now());
    const status = await statusOf(services);
    return c.html(statusPage({ ...status, next: { day: next, at: publicationTime(next) } }));
  });
}

/** The sources' states today, and what became of the newest digest. */
async function statusOf(services: PublicServices): Promise<Status> {
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
  return { day, sources, digest: await newestDigest(services, now) };
}

async function newestDigest(services: PublicServices, now: number): Promise<Status['digest']> {
  const day = addDays(nextDailyDay(now), -1);
  const id = dailyIdOf(day);
  if ((await orNamed(services.digests.get(id)))?.papers.length) return { id, state: 'published' };
  const nothing = await services.digests.getNothing(id);
  const dueAt = publicationTime(day);
  // A record from before the digest was due says nothing about it.
  if (nothing && nothing.at >= dueAt) return { id, state: 'nothing announced', reason: nothing.reason };
  const [since, until] = [dueAt, dueAt + freshFor.daily].map(at => new Date(at).toISOString());
  return { id, state: 'missing', reason: `It has been due since ${since}, and is tried until ${until}.` };
}
