import type { Hono } from 'hono';
import * as z from 'zod';
import { digestIdSchema } from '../../../shared/digests/digest.ts';
import { dailyIdOf, freshFor, nextDailyDay, publicationTime } from '../../../shared/digests/period.ts';
import { type SourceName, sourceNames } from '../../../shared/events/ids.ts';
import { briefly } from '../../../shared/http/caching.ts';
import { defineRoute, mount } from '../../../shared/http/route.ts';
import { freshnessIn, freshnessStates } from '../../../shared/papers/freshness.ts';
import { orNamed } from '../../../shared/platform/damaged.ts';
import { addDays, daySchema, featuredDay } from '../../../shared/time/day.ts';
import type { PublicServices } from '../services.ts';

/** Days in which a source that is read at all has left a record. */
const daysBack = 7;

export const showStatus = defineRoute({
  method: 'get',
  path: '/v1/status',
  summary: 'How fresh each source is today, and what became of the newest digest: why there was or was not a mail',
  publicSeconds: briefly,
  answer: {
    status: 200,
    description: 'Each source with its state, and why',
    schema: z.object({
      day: daySchema,
      sources: z.array(
        z.object({
          source: z.enum(sourceNames),
          state: z.enum(freshnessStates),
          reason: z.string(),
          papers: z.int(),
          readAt: z.iso.datetime().optional(),
        }),
      ),
      /** The digest that was due last. */
      digest: z.object({
        id: digestIdSchema,
        state: z.enum(['published', 'nothing announced', 'missing']),
        reason: z.string().optional(),
      }),
    }),
  },
  problems: [],
});

export function mountStatus(app: Hono, services: PublicServices): void {
  mount(app, showStatus, async () => {
    const now = services.now();
    const day = featuredDay(now);
    const records = await services.sourceDays.list(addDays(day, -daysBack), addDays(day, 1));
    const names = new Set<SourceName>(['hugging-face', ...records.map(({ source }) => source)]);
    const sources = [...names].map(source => {
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
  // What was found before its time says nothing of it.
  if (nothing && nothing.at >= dueAt) return { id, state: 'nothing announced' as const, reason: nothing.reason };
  const [since, until] = [dueAt, dueAt + freshFor.daily].map(at => new Date(at).toISOString());
  return { id, state: 'missing' as const, reason: `It has been due since ${since}, and is tried until ${until}.` };
}
