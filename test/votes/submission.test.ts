import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import type { DomainEvent } from '../../shared/events/events.ts';
import { acceptSubmission, rejectSubmission } from '../../shared/papers/curate.ts';
import { ingestReading } from '../../shared/papers/ingest.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { createPaperRepository, type PaperRepository } from '../../shared/papers/repository.ts';
import { SourceError } from '../../shared/papers/sources/source.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { featuredDay } from '../../shared/time/day.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import {
  type SubmissionServices,
  submissionOf,
  submit,
  workThroughSubmissions,
} from '../../shared/votes/submission.ts';
import { createSubmissionList } from '../../shared/votes/submission-list.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { silentLogger } from '../support/deliveries.ts';
import { startDynamo } from '../support/dynamo.ts';
import { addReaders } from '../support/readers.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
let services: SubmissionServices & { papers: PaperRepository };
let people: string[];
const events: DomainEvent[] = [];
const now = Date.UTC(2026, 10, 23, 12);
const today = featuredDay(now);

beforeAll(async () => {
  database = await startDynamo(['Papers', 'Subscribers', 'Votes']);
  const { dynamo } = database;
  const subscribers = createSubscriberRepository(dynamo, tableName('Subscribers'));
  services = {
    papers: createPaperRepository(dynamo, tableName('Papers')),
    subscribers,
    votes: createVoteRepository(dynamo, tableName('Votes')),
    submissions: createSubmissionList(dynamo, tableName('Votes')),
    publishEvents: async published => {
      events.push(...published);
    },
  };
  people = (await addReaders(subscribers, createKeyRing(), 8)).map(({ id }) => id);
});
afterAll(() => database.stop());

let papers = 0;
function newId(): string {
  papers += 1;
  return `2611.${String(papers).padStart(5, '0')}`;
}

/** An arXiv that has every paper but those named. */
function arxivWithout(...missing: string[]) {
  const asked: string[][] = [];
  const readIds = async (ids: readonly string[], day: string) => {
    asked.push([...ids]);
    const found = ids.filter(id => !missing.includes(id));
    return { papers: found.map(id => examplePaper({ id, day, upvotes: 0, sources: ['arxiv'] })), rejected: [] };
  };
  return { asked, readIds };
}

const fetchAll = (arxiv: Pick<ReturnType<typeof arxivWithout>, 'readIds'> = arxivWithout(), at = now) =>
  workThroughSubmissions({ ...services, arxiv, logger: silentLogger }, at);
const by = (n: number, paperId: string) => submit(services, { subscriberId: people[n] as string, paperId }, now);
const statusOf = async (paperId: string) => (await submissionOf(services, paperId))?.status;
const isListedOn = async (paperId: string, day = today) =>
  (await services.papers.listByDay(day)).some(({ id }) => id === paperId);
const eventsOf = (paperId: string) =>
  events.filter(({ detail }) => 'paperId' in detail && detail.paperId === paperId).map(({ type }) => type);

describe('a submitted paper', () => {
  test('waits, is fetched, is pending without being listed, and is listed with the fourth reader', async () => {
    const id = newId();
    expect(await by(0, id)).toEqual({ status: 'waiting', submitters: 1 });
    expect(await by(1, id)).toMatchObject({ status: 'waiting', submitters: 2 });
    await fetchAll();
    expect(await statusOf(id)).toBe('pending');
    expect(await isListedOn(id)).toBe(false);
    expect(await services.papers.getListed([id])).toEqual([]);
    expect(await services.papers.get(id)).toMatchObject({ submission: 'pending' });
    for (const _ of [1, 2, 3, 4]) expect(await by(2, id)).toMatchObject({ status: 'pending', submitters: 3 });
    expect(await by(3, id)).toMatchObject({ status: 'listed', submitters: 4 });
    expect(await isListedOn(id)).toBe(true);
    expect(eventsOf(id)).toEqual(['paper.submitted', 'paper.submitted', 'paper.ingested']);
  });

  test('by four readers at once, while it is being fetched, is listed; by three, one of them often, it is not', async () => {
    const [four, three] = [newId(), newId()];
    await Promise.all([
      ...[0, 1, 2, 3].map(n => by(n, four)),
      ...[0, 1, 2, 0, 1, 2, 0].map(n => by(n, three)),
      fetchAll(),
      fetchAll(),
    ]);
    await fetchAll();
    expect([await statusOf(four), await statusOf(three)]).toEqual(['listed', 'pending']);
    expect(eventsOf(four).filter(type => type === 'paper.ingested').length).toBeGreaterThan(0);
  });

  test('that four readers wanted before it was fetched is listed once it is', async () => {
    const id = newId();
    for (const n of [0, 1, 2, 3]) await by(n, id);
    await fetchAll();
    expect(await submissionOf(services, id)).toEqual({ status: 'listed', submitters: 4 });
    expect(eventsOf(id)).toContain('paper.ingested');
  });

  test('that arXiv does not have is unknown, and is asked for again when a reader submits it again', async () => {
    const id = newId();
    await by(0, id);
    const arxiv = arxivWithout(id);
    await fetchAll(arxiv);
    expect(await submissionOf(services, id)).toMatchObject({ status: 'unknown', reason: expect.any(String) });
    await fetchAll(arxiv);
    expect(arxiv.asked.flat()).toEqual([id]);
    expect(await by(0, id)).toMatchObject({ status: 'waiting' });
    await fetchAll();
    expect(await statusOf(id)).toBe('pending');
  });

  test('waits on when arXiv is away, and all that wait are one request', async () => {
    const ids = [newId(), newId(), newId()];
    for (const id of ids) await by(0, id);
    const away = {
      readIds: async () => {
        throw new SourceError('away');
      },
    };
    await expect(fetchAll(away)).rejects.toThrow('away');
    expect(await Promise.all(ids.map(statusOf))).toEqual(['waiting', 'waiting', 'waiting']);
    const arxiv = arxivWithout();
    await fetchAll(arxiv);
    expect(arxiv.asked).toEqual([ids]);
  });

  test('is listed on the day on which a curator accepts it, whatever the day it came', async () => {
    const id = newId();
    await by(0, id);
    await fetchAll();
    const later = now + 3 * 86_400_000;
    expect(await acceptSubmission(services.papers, id, later, 'curator')).toMatchObject({ isNews: true });
    expect(await acceptSubmission(services.papers, id, later + 9e7, 'curator')).toMatchObject({ isNews: false });
    expect([await isListedOn(id), await isListedOn(id, featuredDay(later))]).toEqual([false, true]);
    expect(await statusOf(id)).toBe('listed');
    // A later report of arXiv does not move it.
    const reading = { papers: [], updates: [examplePaper({ id, day: today, sources: ['arxiv'] })], rejected: [] };
    await ingestReading(reading, { ...services, repository: services.papers, now: () => later });
    expect(await isListedOn(id, featuredDay(later))).toBe(true);
  });

  test('that a curator rejected stays out however many submit it, until a source features it', async () => {
    const id = newId();
    await by(0, id);
    await fetchAll();
    expect(await rejectSubmission(services.papers, id)).toBe(true);
    for (const n of [1, 2, 3, 4]) expect(await by(n, id)).toMatchObject({ status: 'rejected' });
    await fetchAll();
    expect(await acceptSubmission(services.papers, id, now, 'subscribers')).toMatchObject({ isNews: false });
    expect(await services.papers.get(id)).toBeUndefined();
    const featured = { papers: [examplePaper({ id, day: '2026-11-24' })], rejected: [] };
    await ingestReading(featured, { ...services, repository: services.papers, now: () => now });
    expect(await isListedOn(id, '2026-11-24')).toBe(true);
    expect(eventsOf(id)).toContain('paper.ingested');
    expect(await rejectSubmission(services.papers, id)).toBe(false);
  });

  test('that is looked up on arXiv stays pending; one that is listed stays listed when it is fetched once more', async () => {
    const [pending, listed] = [newId(), newId()];
    await by(0, pending);
    await fetchAll();
    const ingest = (reading: { papers: Paper[]; updates?: Paper[] }) =>
      ingestReading({ ...reading, rejected: [] }, { ...services, repository: services.papers, now: () => now });
    await ingest({ papers: [], updates: [examplePaper({ id: pending, title: 'Newer', sources: ['arxiv'] })] });
    expect(await statusOf(pending)).toBe('pending');
    await services.submissions.add(listed, now);
    await ingest({ papers: [examplePaper({ id: listed })] });
    await fetchAll();
    expect(await statusOf(listed)).toBe('listed');
    expect(await services.submissions.get(listed)).toBeUndefined();
  });

  test('that was accepted by a process that died before it said so is announced by the next run', async () => {
    const id = newId();
    await by(0, id);
    await fetchAll();
    await acceptSubmission(services.papers, id, now, 'curator');
    expect(eventsOf(id)).not.toContain('paper.ingested');
    await fetchAll();
    expect(eventsOf(id)).toContain('paper.ingested');
  });

  test('that is unknown is forgotten after a week', async () => {
    const id = newId();
    await by(0, id);
    await fetchAll(arxivWithout(id));
    await fetchAll(arxivWithout(id), now + 8 * 86_400_000);
    expect(await statusOf(id)).toBeUndefined();
  });
});
