import type { Context } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ingestText, publishDigest } from '../../cli/digest-client.ts';
import { collectMails } from '../../local/delivered.ts';
import { readSample, samplePageOf } from '../../local/sample.ts';
import { type LocalSystem, startSystem } from '../../local/system.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { schedules } from '../../shared/platform/resources.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { newYorkDay } from '../../shared/time/day.ts';
import { until } from '../support/until.ts';

/* The metrics that the functions themselves write for CloudWatch, in its embedded metric format, when they are called. */

const dayLength = 86_400_000;
const namespace = 'daily-papers-test';
const errors: string[] = [];
const mails = collectMails();
let written = '';
let system: LocalSystem;

beforeAll(async () => {
  process.env.POWERTOOLS_METRICS_NAMESPACE = namespace;
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written += String(text);
    return true;
  });
  system = await startSystem({
    httpPort: 0,
    schedules: false,
    feedback: false,
    sources: {},
    // Of one mail a day, the share of digests is less than one.
    ses: { behaviour: { dailyQuota: 1 }, onAccepted: mails.accepted },
    environment: { KEYS: JSON.stringify(createKeyRing(Date.now() - 400 * dayLength)), REQUESTS_PER_HOUR: '1' },
    onError: message => errors.push(message),
  });
}, 60_000);
afterAll(async () => {
  await system.stop();
  vi.restoreAllMocks();
  delete process.env.POWERTOOLS_METRICS_NAMESPACE;
  expect(errors).toEqual([]);
});

/** The values of a metric that a function has written so far. */
function valuesOf(service: string, name: string): number[] {
  return written.split('\n').flatMap(line => {
    if (!line.includes('"_aws"')) return [];
    const entry = JSON.parse(line);
    const [{ Namespace, Metrics }] = entry._aws.CloudWatchMetrics;
    const isThat = Namespace === namespace && entry.service === service && Metrics[0].Name === name;
    return isThat ? [entry[name]] : [];
  });
}

test('public-api says at its start how old the key is that signs links', () => {
  expect(valuesOf('public-api', 'SigningKeyAgeDays')).toEqual([400]);
});

describe('a timer’s run that went well', () => {
  test.each(schedules.map(({ target, input }) => [target, input] as const))(
    'of %s is told of',
    async (target, input) => {
      const before = valuesOf(target, 'TimerRuns').length;
      await system.invoke(target, input);
      expect(valuesOf(target, 'TimerRuns').slice(before)).toEqual([1]);
    },
    30_000,
  );

  test('measures the overdue digests and those without papers of publish-digest, and the sources of ingest-papers', () => {
    expect(valuesOf('publish-digest', 'DigestsOverdue')).toEqual([0]);
    expect(valuesOf('publish-digest', 'DigestsWithoutPapers')).toEqual([expect.any(Number)]);
    expect(valuesOf('ingest-papers', 'SourcesWithoutPapers')).toEqual([0]);
  });

  test('is no run that an operator or an event started, and none that failed', async () => {
    const before = valuesOf('index-papers', 'TimerRuns').length;
    await system.invoke('index-papers', { months: ['2026-11'] });
    expect(valuesOf('index-papers', 'TimerRuns')).toHaveLength(before);
    const recorded: string[] = [];
    const failing = createTimerHandler(
      () => ({ by: 'timer' as const }),
      name => recorded.push(name),
      async () => {
        throw new Error('It failed.');
      },
    );
    await expect(failing({}, {} as Context)).rejects.toThrow('It failed.');
    expect(recorded).toEqual([]);
  });
});

test('send-digest tells how much of the day’s quota is used, and that a batch waits for it; public-api, who is turned away', async () => {
  const subscribe = (email: string) =>
    fetch(`${system.url}/v1/subscriptions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email }),
    });
  expect((await subscribe('jane@example.com')).status).toBe(202);
  expect((await subscribe('john@example.com')).status).toBe(429);
  expect(valuesOf('public-api', 'EverybodyTurnedAway')).toEqual([1]);

  const link = new URL(await mails.confirmationLink('jane@example.com'));
  const confirmed = await fetch(link, { method: 'POST', body: link.searchParams });
  expect(confirmed.status).toBe(200);
  const day = newYorkDay(Date.now());
  await ingestText(system, { source: 'page', day, text: samplePageOf(await readSample(), day) });
  const { id } = await publishDigest(system, { date: day });
  await fetch(`${system.url}/v1/admin/digests/${id}/send`, { method: 'POST' });
  await until('a batch that waits', () => valuesOf('send-digest', 'DailyQuotaUsedUp').includes(1), 20);
  // The confirmation mail is 111 % of the nine tenths of a mail that digests may have.
  expect(valuesOf('send-digest', 'DailyQuotaUsedPercent')).toContain(111);
}, 60_000);
