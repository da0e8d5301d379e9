import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestText } from '../../cli/digest-client.ts';
import { readSample, samplePageOf } from '../../local/sample.ts';
import type { LocalSystem } from '../../local/system.ts';
import { type } from '../cli/terminal.ts';
import { startQuietSystem } from '../support/local-system.ts';

/* A stage with a setting that no mail may show: the whole system says so as soon as a digest is frozen. */

const [first, second] = ['2026-11-23', '2026-11-24'] as const;
let system: LocalSystem;
const admin = (line: string) => type(line, system.url);

beforeAll(async () => {
  system = await startQuietSystem({
    environment: { POSTAL_ADDRESS: 'undefined' },
  });
}, 30_000);
afterAll(async () => {
  await system.stop();
});

async function ingest(day: string): Promise<void> {
  await ingestText(system, { source: 'page', day, text: samplePageOf(await readSample(), day) });
}

const fault = 'the HTML has left-over text of a template: "undefined"';

test('a curator is told, by preview, test mail and publishing, with what to do', async () => {
  await ingest(first);
  const preview = await admin(`digests preview daily-${first}`);
  expect(preview.out).toMatch(/papers, HTML \d+\.\d KB, text \d+\.\d KB\nIts mail must not go out:\n {2}the /);
  expect(preview.out).toContain(`\n  ${fault}\n`);
  const { code, err } = await admin(`digests test-mail me@example.org --id daily-${first}`);
  expect([code, err]).toEqual([1, expect.stringContaining(fault)]);
  const published = await admin(`digests publish --date ${first}`);
  expect(published.out).toContain(`daily-${first} halted by itself: The mail did not pass its preflight: `);
  expect(published.out).toContain(`digests resume daily-${first}`);
  expect(published.out).not.toContain('at their own hour');
  const sending = await admin(`digests send daily-${first}`);
  expect([sending.code, sending.err]).toEqual([
    1,
    expect.stringMatching(/^The digest is halted \(.*\): resume it first/),
  ]);
});

test('the timer freezes it as halted', async () => {
  await ingest(second);
  const reason = expect.stringContaining(fault);
  expect(await system.invoke('publish-digest', { date: second })).toEqual([
    { digestId: `daily-${second}`, outcome: 'published', reason },
  ]);
  const shown = JSON.parse((await admin(`digests show daily-${second} --json`)).out);
  expect(shown).toMatchObject({ status: 'halted', statusReason: reason });
  expect(system.ses.messages).toEqual([]);
}, 30_000);
