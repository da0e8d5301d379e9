import { afterEach, expect, test } from 'vitest';
import { createPace } from '../../cli/pace.ts';
import { durationText } from '../../cli/text.ts';
import { until } from '../support/until.ts';
import { type Answer, shown, startServer } from './server.ts';
import { start } from './terminal.ts';

const id = 'daily-2026-11-23';
let server: Awaited<ReturnType<typeof startServer>> | undefined;
afterEach(() => server?.stop());

/** Looks are answered one after the other, the last one again and again. */
async function watching(answers: Answer[], options: { isTTY?: boolean; json?: boolean } = {}) {
  server = await startServer(() => (answers.length > 1 ? answers.shift() : answers[0]) ?? { body: undefined });
  return start(`digests watch ${id}${options.json ? ' --json' : ''}`, server.url, options);
}

const counts = (ended: number) => ({ planned: 100, sent: ended, failed: 0, suppressed: 0, unknown: 0, resent: 0 });

test('the pace is that of the last seconds, and tells the time that is left', () => {
  const paceOf = createPace();
  expect(paceOf(counts(0), 0)).toEqual({ perSecond: 0, secondsLeft: undefined });
  expect(paceOf(counts(20), 10_000)).toEqual({ perSecond: 2, secondsLeft: 40 });
  expect(paceOf(counts(40), 20_000)).toEqual({ perSecond: 2, secondsLeft: 30 });
  // The first two looks are too old by now.
  expect(paceOf(counts(90), 40_000)).toEqual({ perSecond: 2.5, secondsLeft: 4 });
  expect(paceOf(counts(90), 61_000)).toEqual({ perSecond: 0, secondsLeft: undefined });
});

test('the pace of mails that are taken back to be sent once more is 0, not less', () => {
  const paceOf = createPace();
  paceOf(counts(50), 0);
  expect(paceOf(counts(40), 1_000)).toEqual({ perSecond: 0, secondsLeft: undefined });
});

test.each([
  [0.2, '1 s'],
  [59.6, '1 min 0 s'],
  [200, '3 min 20 s'],
  [7_500, '2 h 5 min'],
])('%d seconds are %s', (seconds, words) => {
  expect(durationText(seconds)).toBe(words);
});

test('on a terminal there is a bar with rate, time left and states, which stays to the end', async () => {
  const { written, ended } = await watching(
    [
      { body: shown() },
      { body: shown({ sent: 40 }) },
      { body: shown({ sent: 40, status: 'halted', statusReason: 'too many bounces' }) },
      { body: shown({ sent: 100 }) },
    ],
    { isTTY: true },
  );
  await until('the bar', () => /█+░+ 40 of 100, \d+\.\d\/s, \d+ s left/.test(written.out), 8);
  expect(written.out).toContain(`${id} ready  planned 100  open batches 2`);
  expect(written.out).toContain('sent 40  failed 0  suppressed 0  unknown 0  resent 0');
  await until('the halt', () => written.out.includes(`${id} halted by itself: too many bounces. When`), 8);
  expect(written.out).toContain(`npm run admin -- digests resume ${id}`);
  expect(await ended).toBe(0);
  expect(written.out.slice(written.out.lastIndexOf('100 of 100'))).toMatch(
    /^100 of 100, .*\n.*\nsent 100 .*\nNothing of .* is open: .*\n$/,
  );
}, 20_000);

test('Ctrl-C ends a watch of what is still being sent', async () => {
  for (const isTTY of [true, false]) {
    const { written, ended, interrupt } = await watching([{ body: shown({ sent: 40 }) }], { isTTY });
    await until('the first look', () => written.out.includes('sent 40'));
    interrupt();
    expect(await ended).toBe(0);
    expect(written.out).toContain('No longer watching. The sending goes on.\n');
    await server?.stop();
  }
});

test('a look that is not answered does not end the watch', async () => {
  const { written, ended } = await watching(
    [
      { body: shown({ sent: 40 }) },
      { body: undefined },
      { status: 503, body: { message: 'Service Unavailable' } },
      { body: shown({ sent: 100, status: 'finished' }) },
    ],
    { json: true },
  );
  expect(await ended).toBe(0);
  expect(written.err.match(/Trying again/g)).toHaveLength(1);
  expect(written.err).toContain(`Nothing of ${id} is open`);
  const looks = written.out.trim().split('\n');
  expect(looks).toHaveLength(2);
  // The fourth look is three waits after the first.
  const [first = 0, fourth = 0] = looks.map(look => Date.parse(JSON.parse(look).at));
  expect(fourth - first).toBeGreaterThanOrEqual(3_000);
}, 10_000);

test('a watch waits for what has been asked for, however long the planner takes to get to it', async () => {
  const { written, ended } = await watching([
    { body: shown({ sent: 100, planning: true }) },
    { body: shown({ sent: 100, planning: true }) },
    { body: shown({ sent: 98, openBatches: 1 }) },
    { body: shown({ sent: 100 }) },
  ]);
  expect(await ended).toBe(0);
  expect(written.out).toContain(
    'sent 100, failed 0, suppressed 0, unknown 0, resent 0, open batches 0, 0.0/s, being planned',
  );
  expect(written.out.split('\n').filter(line => line.includes(' ready: '))).toHaveLength(3);
}, 10_000);

test('a planner that has not begun within a minute may have failed: that is said once for each time it was asked', async () => {
  const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();
  const [justNow, before, earlier] = [ago(5), ago(70), ago(300)];
  const { written, ended } = await watching([
    ...[justNow, earlier, earlier, before].map(askedAt => ({ body: shown({ planning: true, askedAt }) })),
    { body: shown({ sent: 100 }) },
  ]);
  expect(await ended).toBe(0);
  const said = written.out.split('\n').filter(line => line.includes('has not begun'));
  expect(said).toEqual([earlier, before].map(at => expect.stringContaining(`was asked for ${id} at ${at} and`)));
  expect(written.out).toContain('0.0/s, waiting for the planner\n');
}, 10_000);

test('a refusal ends the watch', async () => {
  const { written, ended } = await watching([
    { body: shown({ sent: 40 }) },
    { status: 403, body: { message: 'Forbidden' } },
  ]);
  expect(await ended).toBe(1);
  expect(written.err).toContain('answered 403: Forbidden');
}, 10_000);
