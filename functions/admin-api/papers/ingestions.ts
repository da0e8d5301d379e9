import type { Hono } from 'hono';
import type { SourceName } from '../../../shared/events/sources.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { freshnessIn, type SourceDay, sourcesIn } from '../../../shared/papers/freshness.ts';
import { ingestReading } from '../../../shared/papers/ingest.ts';
import { readSource } from '../../../shared/papers/read-source.ts';
import { sourceReaders } from '../../../shared/papers/sources/configured.ts';
import { type Source, SourceError } from '../../../shared/papers/sources/source.ts';
import { addDays, featuredDay } from '../../../shared/time/day.ts';
import type { AdminServices } from '../services.ts';
import * as contract from './contract.ts';

/** Days that one answer shows at most: two months. */
const mostDays = 62;
const daysShown = 7;

export function mountIngestions(app: Hono, services: AdminServices): void {
  mount(app, contract.ingest, async ({ body }) => {
    const { source, text, ...period } = body;
    const asked = period.day ?? period.week ?? period.month ?? '';
    const store = { ...services, repository: services.papers };
    try {
      // A text that an operator copied says nothing about the state of the source.
      const result =
        text === undefined
          ? await readSource(findSource(services, source), asked, store)
          : await ingestReading(sourceReaders[source].parse(text, asked), store);
      return { answer: { source, ...period, ...result } };
    } catch (error) {
      if (error instanceof SourceError) throw new Problem('source-failed', error.message);
      throw error;
    }
  });

  mount(app, contract.listSources, async ({ query }) => {
    const now = services.now();
    const to = query.to ?? featuredDay(now);
    const from = query.from ?? addDays(to, 1 - daysShown);
    if (from > to)
      throw new Problem('invalid-input', `The day "from" is after ${to}, which is today: give "to" as well.`);
    const days: string[] = [];
    for (let day = to; day >= from && days.length <= mostDays; day = addDays(day, -1)) days.push(day);
    if (days.length > mostDays) throw new Problem('invalid-input', `Ask for ${mostDays} days at most.`);
    // The records of later days tell whether a source that had nothing went on.
    const records = await services.sourceDays.list(from, addDays(to, mostDays));
    const names = sourcesIn(records);
    return { answer: { days: days.flatMap(day => names.map(source => showDay(records, source, day, now))) } };
  });
}

/** @throws SourceError when the deployment does not read the source */
function findSource({ sources, arxiv }: AdminServices, name: SourceName): Source {
  // Without categories, arXiv's own reader says so.
  const source = name === 'arxiv' ? arxiv : sources.find(one => one.name === name);
  if (!source) throw new SourceError(`The source ${name} is not configured: give its text instead.`);
  return source;
}

function showDay(records: readonly SourceDay[], source: SourceName, day: string, now: number) {
  const record = records.find(one => one.source === source && one.day === day);
  return {
    source,
    day,
    ...freshnessIn(records, source, day, now),
    papers: record?.papers ?? 0,
    ...(record?.rejected && { rejected: record.rejected }),
    ...(record?.incomplete && { incomplete: record.incomplete }),
    ...(record?.odd?.length && { odd: record.odd }),
    ...(record?.readAt !== undefined && { readAt: new Date(record.readAt).toISOString() }),
  };
}
