import { isDeepStrictEqual } from 'node:util';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { tableNames } from '../../local/tables.ts';
import { planDueDigests } from '../../shared/deliveries/plan-due-digests.ts';
import { runPlanning } from '../../shared/deliveries/planning-run.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import { publishDue } from '../../shared/digests/publish-due.ts';
import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { snapshotCounts } from '../../shared/papers/snapshots.ts';
import { expireSubscribers } from '../../shared/personal-data/expiry.ts';
import { DamagedItemError, nameDamage } from '../../shared/platform/damaged.ts';
import { batchDelete, batchPut, type Item } from '../../shared/platform/dynamo.ts';
import type { TableName } from '../../shared/platform/tables.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import { signToken, tokenLifetimes } from '../../shared/subscribers/tokens.ts';
import { completeVotes } from '../../shared/votes/vote.ts';
import { bounceRecord, invocation, sesRecord } from '../feedback/fixtures.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { silentLogger } from '../support/deliveries.ts';
import { publishingOver } from '../support/digests.ts';
import { startPublicApi } from '../support/public-api.ts';
import { joinNow, readerOf } from '../support/readers.ts';

/*
 * A small world that holds an item of every kind in full, and everything that reads them: both APIs, the timers and the queues.
 * Its answers with one damaged item are compared with those without it.
 */

export const day = '2026-11-23';
const paperIds = ['2611.00001', '2611.00002', '2611.00003'];
const names = ['first', 'second', 'third', 'late', 'left', 'waiting', 'moved'];
const addressOf = (name: string) => `${name}@example.org`;
const hourOf = (hour: number, date = '2026-11-24') => Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:30Z`);

export interface StoredItem {
  table: TableName;
  item: Item & { pk: string; sk: string };
}

/** Something that reads: what it is called, the tables that it reads, and what it says. */
export interface Reading {
  name: string;
  tables: Set<string>;
  run: () => Promise<string>;
}

export type SweepWorld = Awaited<ReturnType<typeof startSweepWorld>>;

export async function startSweepWorld() {
  const admin = await startAdminApi();
  const { dynamo, keys, clock, stores } = admin;
  const api = await startPublicApi({}, admin);
  const idOf = (name: string) => readerOf(keys, addressOf(name)).id;
  const publishing = publishingOver(dynamo);
  const tokenOf = (name: string) =>
    signToken(keys, { purpose: 'manage', subscriberId: idOf(name), nonce: '0' }, hourOf(3) - tokenLifetimes.manage / 2);
  const bearer = (name: string) => ({ authorization: `Bearer ${tokenOf(name)}` });
  /** Tables that calls have read or written since it was emptied. */
  const touched = new Set<string>();
  dynamo.middlewareStack.add(
    next => args => {
      const { TableName, RequestItems } = args.input as { TableName?: string; RequestItems?: object };
      for (const name of TableName ? [TableName] : Object.keys(RequestItems ?? {})) touched.add(name);
      return next(args);
    },
    { step: 'initialize' },
  );
  const feedbackServices = () => ({
    ...stores,
    keys,
    counter: stores.feedbackCounter,
    recordConsent: stores.consents.append,
    publishEvents: async () => undefined,
    limits: haltLimitsSchema.parse({}),
    logger: silentLogger,
    now: () => clock.now,
  });
  const told = (name: string, digestId: string) => ({
    at: clock.now,
    to: addressOf(name),
    tags: { digest: digestId, subscriber: idOf(name) },
    messageId: `0100-${name}-${digestId}`,
  });
  const post = (path: string, body: unknown, by?: string) => api.post(path, body, by ? bearer(by) : {});

  async function fill(): Promise<void> {
    clock.now = hourOf(3, '2026-11-20');
    for (const [place, id] of paperIds.entries()) {
      const paper = examplePaper({
        id,
        day,
        title: `Paper ${id}`,
        abstract: `The abstract of ${id} has zyzzyva and more words than one.`,
        upvotes: 5 + place,
        votes: 0,
        comments: 2,
        publishedAt: '2026-11-20T00:00:00Z',
        updatedAt: '2026-11-21T00:00:00Z',
        version: 2,
        withdrawn: false,
        url: `https://arxiv.org/abs/${id}`,
        pdfUrl: `https://arxiv.org/pdf/${id}`,
        codeUrl: 'https://github.com/a/b',
        codeStars: 12,
        projectUrl: 'https://a.example/',
        categories: ['cs.CL', 'cs.AI'],
        keywords: ['words'],
        summary: 'A summary.',
        organization: 'An organisation',
        thumbnailUrl: 'https://a.example/a.png',
        mediaUrls: ['https://a.example/b.png'],
        submittedBy: 'somebody',
        authorComment: '12 pages',
        journalRef: 'A journal',
        doi: '10.1/1',
        hidden: false,
      });
      await stores.papers.put({ paper, revision: 0, readAt: 1 });
      await stores.papers.put({
        paper: { ...paper, id: `2610.0000${place}`, day: '2026-11-22' },
        revision: 0,
        readAt: 1,
      });
    }
    await stores.papers.put({ paper: examplePaper({ id: '2611.00008', day, pinnedDay: day }), revision: 0, readAt: 1 });
    await stores.papers.putDeleted('2611.00009', { deletedAt: 1, revision: 0 });
    await stores.sourceDays.recordRead('hugging-face', day, clock.now, {
      papers: 3,
      entries: 4,
      rejected: 1,
      odd: ['x: y'],
    });
    await stores.sourceDays.recordFailure('hugging-face', day, clock.now - 1, 'It was down.');
    await stores.sourceDays.recordRead('arxiv', day, clock.now, { papers: 3, entries: 3 });
    for (const name of ['first', 'second', 'third'])
      await stores.subscribers.put({
        ...readerOf(keys, addressOf(name), { topics: ['zyzzyva'] }),
        createdAt: clock.now,
      });
    const asked = { nonce: 'n', requestedAt: clock.now, preferences: readerOf(keys, 'a@example.org').preferences };
    const second = await stores.subscribers.get(idOf('second'));
    if (second) {
      await stores.subscribers.put({
        ...second,
        statusReason: 'imported',
        softBounces: [{ at: clock.now, subType: 'MailboxFull' }],
        pendingRequest: { ...asked, earlier: [{ ...asked, nonce: 'e' }] },
        linkMail: { nonce: 'l', at: clock.now },
        disposable: false,
        replaces: idOf('moved'),
        subscribedBefore: false,
        takenBack: { id: idOf('moved'), nonce: 't' },
        linkGeneration: undefined,
        voter: 'voter',
        confirmedNonce: 'c',
        alsoConfirmed: ['d'],
        joinedAt: clock.now,
        leaveReason: 'other',
        importedAs: 'i#1',
      });
    }
    await stores.subscribers.put(readerOf(keys, addressOf('late'), { sendHour: 8 }));
    const gone = { unsubscribedAt: clock.now, leaveReason: 'other' as const, createdAt: clock.now };
    await stores.subscribers.put({ ...readerOf(keys, addressOf('left')), status: 'unsubscribed', ...gone });
    const movedTo = { id: idOf('second'), nonce: 'n', at: clock.now, toldAt: clock.now };
    await stores.subscribers.put({ ...readerOf(keys, addressOf('moved')), status: 'unsubscribed', ...gone, movedTo });
    const waiting = { status: 'pending' as const, pendingRequest: asked, createdAt: clock.now };
    await stores.subscribers.put({ ...readerOf(keys, addressOf('waiting')), ...waiting });
    await stores.subscribers.erase(idOf('erased'), clock.now);
    for (const name of ['first', 'second'])
      for (const [index, action] of (['requested', 'confirmed'] as const).entries())
        await stores.consents.append({
          subscriberId: idOf(name),
          at: clock.now + index,
          action,
          by: 'page',
          origin: { ip: '192.0.2.7', userAgent: 'x' },
        });
    for (const id of [paperIds[0], paperIds[1]]) {
      await post(`/v1/papers/${id}/upvote`, {}, 'second');
      await post(`/v1/papers/${id}/save`, {}, 'second');
    }
    await completeVotes(stores, clock.now + 3_600_000);
    await post('/v1/papers', { arxivId: '2611.77777' }, 'second');
    await stores.votes.open(
      { mark: 'vote', subscriberId: idOf('first'), voter: 'v', paperId: paperIds[1] ?? '' },
      clock.now,
      'u',
    );
    await stores.subscribers.putTaste(idOf('second'), [['zyzzyva', 1.5]]);
    for (const [digest, at] of [
      ['daily-2026-11-22', hourOf(3, '2026-11-23')],
      [`daily-${day}`, hourOf(3)],
    ] as const) {
      clock.now = at;
      await snapshotCounts(stores, clock.now);
      await publishing.publish(digest, clock.now);
      await planDueDigests(admin.planner, admin.remaining);
      for (const hour of [7, 8]) {
        clock.now = hourOf(hour, digest === `daily-${day}` ? '2026-11-24' : '2026-11-23');
        await planDueDigests(admin.planner, admin.remaining);
      }
      if (digest === `daily-${day}`) break;
      await admin.sendQueued();
      await processFeedback(
        invocation([
          sesRecord('Send', told('first', digest)),
          sesRecord('Delivery', { ...told('first', digest), detail: { recipients: [addressOf('first')] } }),
          bounceRecord('Transient', 'MailboxFull', told('second', digest)),
        ]),
        feedbackServices(),
      );
    }
    await indexPapers(
      { papers: stores.papers, store: stores.searchStore, now: () => clock.now, remaining: () => 1e6 },
      ['2026-11'],
    );
    await stores.searchStore.noteRecent({ id: paperIds[0] ?? '', day, at: clock.now });
    await stores.curations.change(
      'daily-2026-11-24',
      { papers: { [paperIds[0] ?? '']: 'pin' }, note: 'A note.' },
      clock.now,
    );
    await stores.digests.recordNothing('daily-2026-11-21', 'no papers', clock.now);
    await joinNow(admin, addressOf('joined'), { sendHour: 20 });
  }
  await fill();
  const planned = admin.queue.splice(0);
  const base = await everything();
  const baseTime = clock.now;

  async function everything(): Promise<StoredItem[]> {
    const all: StoredItem[] = [];
    for (const [table, TableName] of Object.entries(tableNames)) {
      let start: Item | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await dynamo.send(
          new ScanCommand({ TableName, ExclusiveStartKey: start }),
        );
        for (const item of Items) all.push({ table: table as TableName, item: item as StoredItem['item'] });
        start = LastEvaluatedKey;
      } while (start);
    }
    return all;
  }

  /** Puts everything back as it was. */
  async function restore(): Promise<void> {
    clock.now = baseTime;
    admin.queue.length = 0;
    const keyOf = ({ table, item }: StoredItem) => `${table} ${item.pk} ${item.sk}`;
    const found = new Map((await everything()).map(stored => [keyOf(stored), stored]));
    const known = new Set(base.map(keyOf));
    for (const [table, TableName] of Object.entries(tableNames)) {
      const extra = [...found.values()].filter(stored => stored.table === table && !known.has(keyOf(stored)));
      await batchDelete(
        dynamo,
        TableName,
        extra.map(({ item: { pk, sk } }) => ({ pk, sk })),
      );
      const other = base.filter(
        stored => stored.table === table && !isDeepStrictEqual(found.get(keyOf(stored))?.item, stored.item),
      );
      await batchPut(
        dynamo,
        TableName,
        other.map(({ item }) => item),
      );
    }
  }

  const readings: Reading[] = [];
  const reading = (name: string, run: () => Promise<string>) => readings.push({ name, tables: new Set(), run });
  const ask = (path: string, by?: string) =>
    reading(`GET ${path}${by ? ` by ${addressOf(by)}` : ''}`, async () => {
      const app = path.startsWith('/v1/admin') ? admin.app : api.app;
      const answer = await app.request(path, by ? { headers: bearer(by) } : {});
      return `${answer.status} ${await answer.text()}`;
    });
  const send = (method: string, path: string, body: unknown, by?: string) =>
    reading(`${method} ${path}${by ? ` by ${addressOf(by)}` : ''}`, async () => {
      const app = path.startsWith('/v1/admin') ? admin.app : api.app;
      const answer = await app.request(path, {
        method,
        headers: { 'content-type': 'application/json', ...(by && bearer(by)) },
        body: JSON.stringify(body),
      });
      return `${answer.status} ${await answer.text()}`;
    });

  for (const query of [`date=${day}`, 'week=2026-W48', 'month=2026-11', '', 'sort=upvotes', 'sort=published'])
    ask(`/v1/papers?${query}`);
  for (const id of [paperIds[0], paperIds[1], '2611.00008', '2611.00009']) {
    for (const path of [`/v1/papers/${id}`, `/v1/papers/${id}/ranking`, `/papers/${id}`]) ask(path);
  }
  for (const path of [
    '/',
    `/?date=${day}`,
    '/?week=2026-W48',
    '/?month=2026-11',
    '/?period=all',
    '/digests',
    '/v1/status',
  ])
    ask(path);
  for (const id of ['daily-2026-11-22', `daily-${day}`]) {
    for (const path of [
      `/digests/${id}`,
      `/v1/digests/${id}`,
      `/v1/admin/digests/${id}`,
      `/v1/admin/digests/${id}/feedback`,
    ])
      ask(path);
    ask(`/v1/admin/digests/${id}/preview`);
  }
  for (const path of [
    '/v1/digests',
    '/v1/digests?kind=daily&limit=1',
    '/feed.atom',
    '/feed.json',
    '/feed.atom?q=zyzzyva',
  ])
    ask(path);
  reading('a search by a fresh instance', async () => {
    const searcher = createSearcher({ store: stores.searchStore, papers: stores.papers, now: () => clock.now });
    return JSON.stringify(await searcher.search('zyzzyva', 20).catch(namedOrThrown));
  });
  for (const name of ['first', 'second', 'moved']) {
    for (const path of ['/v1/subscriptions/me', '/v1/subscriptions/me/export', '/v1/subscriptions/me/saved'])
      ask(path, name);
    for (const path of ['preferences', 'saved', 'submissions']) ask(`/${path}?token=${tokenOf(name)}`);
  }
  ask(`/v1/papers/2611.77777/submission`, 'second');
  for (const path of ['subscribers', 'subscribers?status=active', 'subscribers/verification', 'submissions', 'digests'])
    ask(`/v1/admin/${path}`);
  ask(`/v1/admin/sources?from=2026-11-20&to=${day}`);
  for (let part = 0; part < 4; part += 1) ask(`/v1/admin/consents/verification?part=${part}`);
  ask('/v1/admin/digests/daily-2026-11-24/preview');

  for (const name of ['first', 'second']) {
    send('POST', `/v1/papers/${paperIds[2]}/upvote`, {}, name);
    send('DELETE', `/v1/papers/${paperIds[1]}/upvote`, {}, name);
    send('POST', `/v1/papers/${paperIds[2]}/save`, {}, name);
    send('POST', '/v1/papers', { arxivId: '2611.77777' }, name);
    send('PATCH', '/v1/subscriptions/me', { preferences: { maxPapers: 7 } }, name);
  }
  send('POST', '/v1/subscriptions', { email: 'fresh@example.org' });
  send('POST', '/v1/subscriptions/link', { email: addressOf('second') });
  const row = (name: string, line: number) => ({
    line,
    email: addressOf(name),
    status: 'active',
    confirmedAt: 1_700_000_000_000,
    timeZone: 'UTC',
  });
  send('POST', '/v1/admin/subscribers/import', {
    service: 'mailchimp',
    importId: '0123456789abcdef',
    startedAt: '2026-11-23T00:00:00Z',
    dryRun: false,
    rows: ['imported', ...names, 'erased'].map((name, index) => row(name, index + 1)),
  });
  send('PATCH', '/v1/admin/digests/daily-2026-11-24/curation', { note: 'Another.' });
  send('POST', `/v1/admin/digests/daily-${day}/test-mail`, { address: 'me@example.org' });
  send('PATCH', `/v1/admin/papers/${paperIds[1]}`, { hidden: false });
  send('POST', `/v1/admin/digests/daily-2026-11-22/retry`, { state: 'failed' });

  const step = (name: string, run: () => Promise<unknown>) =>
    reading(name, async () => JSON.stringify((await run().catch(namedOrThrown)) ?? null));
  step('the hourly counts', () => snapshotCounts(stores, clock.now));
  step('votes that broke off', () => completeVotes(stores, clock.now + 3_600_000));
  step('an index build', async () => {
    const { built } = await indexPapers(
      { papers: stores.papers, store: stores.searchStore, now: () => clock.now, remaining: () => 1e6 },
      ['2026-11'],
    );
    return built.map(({ month, papers }) => ({ month, papers }));
  });
  step('sending what was planned', async () => {
    const failed: string[] = [];
    for (const message of planned) {
      await sendBatch(admin.sender, message, admin.remaining).catch(error => {
        namedOrThrown(error);
        failed.push(message.batchId);
      });
    }
    const welcome = createWelcome(admin.planner);
    await runPlanning(admin.planner, welcome, admin.remaining);
    await admin.sendQueued();
    return { failed, sent: admin.recipients() };
  });
  step('feedback about readers', async () => {
    const records = ['first', 'second', 'third'].map(name =>
      bounceRecord('Permanent', 'General', told(name, `daily-2026-11-22`)),
    );
    const answer = await processFeedback(invocation(records), feedbackServices());
    const status = await Promise.all(
      ['first', 'second', 'third'].map(async name => {
        const reader = await stores.subscribers.get(idOf(name)).catch(() => undefined);
        return reader?.status === 'bounced' ? addressOf(name) : '';
      }),
    );
    return { failed: answer.batchItemFailures.length, status };
  });
  step('the next digest', async () => {
    clock.now = hourOf(3, '2026-11-25');
    const tried = await publishDue(
      { ...publishing.services, recordMetric: () => undefined, logger: silentLogger },
      clock.now,
      undefined,
    );
    return tried.map(({ digestId, outcome }) => `${digestId} ${outcome}`);
  });
  step('the ends of digests', async () => {
    clock.now = hourOf(9, '2026-11-26');
    const welcome = createWelcome(admin.planner);
    for (let run = 0; run < 2; run += 1) {
      await runPlanning(admin.planner, welcome, admin.remaining);
      await admin.sendQueued().catch(namedOrThrown);
      clock.now += 3_600_000;
    }
    const ended = [];
    for (const id of ['daily-2026-11-22', `daily-${day}`]) {
      const digest = await stores.digests.get(id).catch(namedOrThrown);
      ended.push(digest?.finishedAt === undefined ? '' : `${id} has ended`);
    }
    return ended;
  });
  step('expiry', async () => {
    clock.now += 2_000 * 86_400_000;
    await expireSubscribers({
      ...stores,
      logger: silentLogger,
      keptMilliseconds: 86_400_000,
      now: () => clock.now,
      remaining: () => 1e6,
    });
    const left = await stores.subscribers.getMany(['left', 'moved'].map(idOf));
    return ['left', 'moved'].map(name => (left.subscribers.has(idOf(name)) ? '' : `${idOf(name)} is erased`));
  });

  /** Runs what reads one of the tables; all without tables. */
  async function readAll(table?: TableName): Promise<Map<string, string>> {
    const outcomes = new Map<string, string>();
    admin.ses.messages.length = 0;
    for (const one of readings) {
      if (table !== undefined && !one.tables.has(tableNames[table])) continue;
      touched.clear();
      outcomes.set(
        one.name,
        await one.run().catch(error => `THROWN ${(error as Error).name}: ${(error as Error).message}`),
      );
      if (table === undefined) for (const name of touched) one.tables.add(name);
    }
    await restore();
    return outcomes;
  }

  return {
    base,
    dynamo,
    readAll,
    restore,
    /** Names by which what was read is compared: papers, digests, addresses. */
    ids: [...paperIds, '2611.00008', '2611.77777', 'daily-2026-11-22', `daily-${day}`, ...names.map(addressOf)],
    /** Those who get mails. */
    readers: ['first', 'second', 'third', 'late'].map(addressOf),
    /** The id under which an address is stored; a name that is no address stands for itself. */
    idOf: (name: string) => (name.includes('@') ? readerOf(keys, name).id : name),
    async stop() {
      await api.stop();
      await admin.stop();
    },
  };
}

/** As the handlers do it: an item that can't be read is named; any other error is a fault. */
function namedOrThrown(error: unknown): undefined {
  if (!(error instanceof DamagedItemError)) throw error;
  nameDamage(error);
  return undefined;
}
