import { processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { runPlanning } from '../../shared/deliveries/planning-run.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import { publishDue } from '../../shared/digests/publish-due.ts';
import { snapshotCounts } from '../../shared/papers/snapshots.ts';
import { expireSubscribers } from '../../shared/personal-data/expiry.ts';
import { DamagedItemError, nameDamage } from '../../shared/platform/damaged.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { createSearcher } from '../../shared/search/searcher.ts';
import { completeVotes } from '../../shared/votes/vote.ts';
import { bounceRecord, invocation } from '../feedback/fixtures.ts';
import { silentLogger } from '../support/deliveries.ts';
import { addressOf, day, hourOf, names, paperIds, type SweepServices } from './sweep-services.ts';

/** Something that reads: what it is called, the tables that it reads, and what it says. */
export interface Reading {
  name: string;
  tables: Set<string>;
  run: () => Promise<string>;
}

/**
 * Everything that reads what is stored: both APIs, the timers and the queues, in the order in which they run.
 * @param planned the batches that are on the queue
 */
export function readingsOf(
  { admin, api, clock, stores, idOf, publishing, tokenOf, bearer, feedbackServices, told }: SweepServices,
  planned: SweepServices['admin']['queue'],
): Reading[] {
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
    return JSON.stringify(await searcher.search('zyzzyva', { limit: 20 }).catch(namedOrThrown));
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
  return readings;
}

/** As the handlers do it: an item that can't be read is named; any other error is a fault. */
function namedOrThrown(error: unknown): undefined {
  if (!(error instanceof DamagedItemError)) throw error;
  nameDamage(error);
  return undefined;
}
