import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { presentPaper } from '../functions/public-api/papers/routes.ts';
import { profileOf } from '../shared/digests/profile.ts';
import { fromItem, toItem } from '../shared/papers/items.ts';
import { asSourced } from '../shared/papers/merge.ts';
import type { Paper } from '../shared/papers/paper.ts';
import type { Item } from '../shared/platform/dynamo.ts';
import { generatePapers } from './generated-papers.ts';
import { freezeDaily } from './quality/freeze.ts';
import { recordedDays, recordedFolder } from './quality/recorded-days.ts';

/*
 * CPU and bytes of the texts that are stored with papers, beside papers without them: `npm run bench -- texts [--papers 50]
 * [--rounds 20] [--json]`. A list reads the items of its papers and shows them; a digest freezes 200. The papers are recorded
 * ones where there are any, else made-up ones.
 */

const day = '2026-11-23';
const inDigest = 200;

/** CPU milliseconds of this process for `work`, the mean of some rounds. */
async function cpuOf(rounds: number, work: () => unknown): Promise<number> {
  await work();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}

function itemsOf(papers: readonly Paper[]): { stored: Item[]; plain: Item[] } {
  const stored = papers.map(
    (paper): Item => ({
      pk: paper.id,
      revision: 1,
      ...toItem({ ...asSourced(paper, 1), readAt: 1 }),
    }),
  );
  return { stored, plain: stored.map(({ texts: _, ...item }) => item) };
}

async function measure(): Promise<void> {
  const {
    papers: count,
    rounds,
    json,
  } = readArguments('npm run bench -- texts', 'CPU and bytes of texts that are stored with papers', {
    input: z.object({
      papers: wholeSchema(1, inDigest).default(50).describe('papers of the list'),
      rounds: wholeSchema(1, 1_000).default(20).describe('rounds of each measurement'),
      json: jsonSchema,
    }),
    options: { papers: 'N', rounds: 'N', json: '' },
  });
  const recorded = recordedDays(recordedFolder).flatMap(({ papers }) => papers);
  const all = recorded.length >= inDigest ? recorded : [...generatePapers(1_000, day)];
  const papers = all.slice(0, inDigest).map(paper => ({ ...paper, day }));
  const { stored, plain } = itemsOf(papers);
  const read = (items: readonly Item[]) => items.map(item => fromItem(item).paper);
  const list = (items: readonly Item[]) => () =>
    read(items.slice(0, count)).map(paper => presentPaper(paper, 'https://papers.example.org'));
  const freeze = (items: readonly Item[]) => () => freezeDaily(day, read(items));

  const listWithout = await cpuOf(rounds, list(plain));
  const listWith = await cpuOf(rounds, list(stored));
  const freezeWithout = await cpuOf(rounds, freeze(plain));
  const freezeWith = await cpuOf(rounds, freeze(stored));
  const [withTexts, bare] = [read(stored), read(plain)];
  const profiles = await cpuOf(rounds, () => withTexts.map(profileOf));
  const storing = await cpuOf(rounds, () => itemsOf(bare));
  const everywhere = itemsOf(all);
  const rounded = (value: number) => Number(value.toFixed(3));
  const bytes = (values: readonly unknown[]) =>
    Math.round(values.reduce<number>((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0) / values.length);
  const result = {
    recorded: all === recorded,
    papers: count,
    listMilliseconds: rounded(listWith),
    listWithoutTexts: rounded(listWithout),
    listRatio: rounded(listWithout / listWith),
    freezeMilliseconds: rounded(freezeWith),
    freezeWithoutTexts: rounded(freezeWithout),
    freezeRatio: rounded(freezeWithout / freezeWith),
    profilesOfDigestMilliseconds: rounded(profiles),
    storingMillisecondsPerPaper: rounded(storing / inDigest),
    bytesPerPaper: bytes(everywhere.stored),
    bytesWithoutTexts: bytes(everywhere.plain),
    bytesOfProfile: bytes(all.map(profileOf)),
  };
  if (json) print(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) print(`${name}: ${value}`);
}

await run(measure);
