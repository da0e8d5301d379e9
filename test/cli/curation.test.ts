import { afterAll, beforeAll, expect, test } from 'vitest';
import { ingestText } from '../../cli/digest-client.ts';
import { readSample, samplePageOf } from '../../local/sample.ts';
import { headerOf } from '../../local/ses/message.ts';
import type { LocalSystem } from '../../local/system.ts';
import { dailyIdOf, nextDailyDay } from '../../shared/digests/period.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { until } from '../support/until.ts';
import { type } from './terminal.ts';

const day = nextDailyDay(Date.now());
const id = dailyIdOf(day);
let system: LocalSystem;
const logs: string[] = [];
const admin = (line: string) => type(line, system.url);

beforeAll(async () => {
  system = await startQuietSystem({}, ({ json }) => logs.push(json));
  await ingestText(system, { source: 'page', day, text: samplePageOf(await readSample(), day) });
});
afterAll(async () => {
  await system.stop();
});

/** The papers' ids in the order of the preview. */
async function previewed(): Promise<string[]> {
  const { papers } = JSON.parse((await admin('digests preview --json')).out) as { papers: { id: string }[] };
  return papers.map(paper => paper.id);
}

test('a curator sees the next digest, pins, drops, notes and takes back, each time with the command that goes on', async () => {
  const { out } = await admin('digests preview');
  expect(out).toContain(`${id}, as it would be frozen now:\nSubject: `);
  expect(out).toMatch(/\n1 +\d+\.\d +\S.*points, .* an hour +\S+\n/);
  const [first = '', second = '', third = ''] = await previewed();
  const pinned = await admin(`digests pin ${id} ${third}`);
  expect(pinned.out).toContain(`${id}: pinned ${third}; nothing dropped; no note.`);
  expect(pinned.out).toContain(`npm run admin -- digests preview ${id} --url ${system.url}`);
  await admin(`digests drop ${id} ${first}`);
  expect((await previewed()).slice(0, 2)).toEqual([third, second]);
  expect((await admin('digests preview')).out).toContain(`Left out:\n  ${first} (dropped) `);
  await admin(`digests drop ${id} ${first} --undo`);
  expect((await admin(`digests note ${id} Enjoy!`)).out).toContain(`; nothing dropped; note "Enjoy!".`);
  expect((await previewed()).slice(0, 2)).toEqual([third, first]);
});

test.each([
  [`digests note ${id}`, 'Give the note as one TEXT in quotes, or --remove.'],
  [`digests note ${id} text --remove`, 'or --remove.'],
  [`digests pin ${id}`, 'PAPER is missing.'],
  ['digests preview today', 'not a digest id'],
])('%s is no command, and says why', async (line, message) => {
  const { code, err } = await admin(line);
  expect([code, err]).toEqual([2, expect.stringContaining(message)]);
});

test('a test mail comes through SES, marked, and no log line holds its address', async () => {
  const { out } = await admin('digests test-mail curator@example.org');
  expect(out).toMatch(new RegExp(`^On its way to curator@example.org: "\\[Test\\] .*", \\d+ papers of ${id}.\n$`));
  await until('the test mail', () => system.ses.messages.length > 0, 10);
  const [mail] = system.ses.messages;
  expect(mail?.to).toEqual(['curator@example.org']);
  expect(headerOf(mail?.headers ?? [], 'Subject')).toMatch(/^\[Test\] /);
  expect(mail?.raw.toString()).toContain('Enjoy!');
  expect(logs.join('\n')).not.toContain('curator@');
});

test('after freezing, decisions are refused in words, and the preview shows what is frozen', async () => {
  const papers = await previewed();
  await admin(`digests publish --date ${day}`);
  const { code, err } = await admin(`digests drop ${id} ${papers[0]}`);
  const words = `${id} is frozen: it goes out as it is. Papers can be dropped from it while it is paused; else cancel it.\n`;
  expect([code, err]).toEqual([1, words]);
  expect((await admin(`digests preview ${id}`)).out).toContain(`${id} is frozen.\nSubject: `);
  expect(await previewed()).toEqual(papers);
});
