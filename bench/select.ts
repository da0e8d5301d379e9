import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments, wholeSchema } from '../cli/program.ts';
import { indexCandidates } from '../shared/digests/candidate-index.ts';
import { candidateOf } from '../shared/digests/candidates.ts';
import { profileOf } from '../shared/digests/profile.ts';
import { selectPapers, type Wishes } from '../shared/digests/select-papers.ts';
import { tasteOf } from '../shared/digests/taste.ts';
import type { Paper } from '../shared/papers/paper.ts';
import { rankPapers } from '../shared/papers/rank.ts';
import { closesAt } from '../shared/papers/score.ts';
import { preferencesSchema } from '../shared/subscribers/preferences.ts';
import type { Taste } from '../shared/subscribers/taste.ts';
import { generatePapers, randomFrom } from './generated-papers.ts';

/*
 * CPU of a reader's own selection, and of the work done once a digest: `npm run bench -- select [--papers 100]
 * [--readers 10000] [--topics 10] [--json]`. Every reader has topics (words and phrases of papers, categories),
 * followed authors, a muted word and a taste of 64 stems, all different.
 */

const day = '2026-11-23';

interface BenchReader {
  wishes: Wishes;
  taste: Taste;
}

function readersOf(papers: readonly Paper[], count: number, topics: number): BenchReader[] {
  const random = randomFrom(5);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  // Some consecutive words of a paper's title or abstract, and sometimes a category.
  const topicOf = (paper: Paper) => {
    const words = `${paper.title} ${paper.abstract}`.split(' ');
    const start = Math.floor(random() * words.length);
    return random() < 0.15
      ? pick(paper.categories)
      : words.slice(start, start + 1 + Math.floor(random() * 2)).join(' ');
  };
  return Array.from({ length: count }, () => ({
    wishes: preferencesSchema.parse({
      topics: Array.from({ length: topics }, () => topicOf(pick(papers))),
      authors: [pick(pick(papers).authors), pick(pick(papers).authors)],
      muted: [topicOf(pick(papers))],
    }),
    taste: tasteOf(
      Array.from({ length: 12 }, () => pick(papers)).map(paper => ({ id: paper.id, profile: profileOf(paper) })),
    ),
  }));
}

/** CPU milliseconds of this process for `work`, without those of other processes. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function measure(): Promise<void> {
  const {
    papers: count,
    readers: readerCount,
    topics,
    json,
  } = readArguments('npm run bench -- select', 'CPU of the selection for one reader', {
    input: z.object({
      papers: wholeSchema(1, 200).default(100).describe('papers of the day'),
      readers: wholeSchema(1, 1_000_000).default(10_000).describe('readers'),
      topics: wholeSchema(0, 50).default(10).describe('topics of each reader'),
      json: jsonSchema,
    }),
    options: { papers: 'N', readers: 'N', topics: 'N', json: '' },
  });
  // With earlier papers, so that readers also have wishes that no paper of this day meets.
  const all = [...generatePapers(count + 1_000, day)];
  const readers = readersOf(all, readerCount, topics);
  const today = all.slice(-count).map(paper => ({ ...paper, day }));
  const ranked = rankPapers(today, { at: closesAt(day), history: new Map(), pinnedFirst: true });
  const candidates = ranked.map(each =>
    candidateOf(each, { publicUrl: 'https://papers.example.org', isPinned: false }),
  );
  // Warmed up, as a function is after its first batches.
  for (const { wishes, taste } of readers.slice(0, 500)) selectPapers(indexCandidates(candidates), wishes, taste);

  let index = indexCandidates(candidates);
  const indexing = cpuOf(() => {
    index = indexCandidates(candidates);
  });
  // The first round looks up the readers' wishes, the second finds them known.
  const [asNew, asKnown] = [1, 2].map(() =>
    cpuOf(() => {
      for (const { wishes, taste } of readers) selectPapers(index, wishes, taste);
    }),
  );
  const result = {
    papers: count,
    readers: readerCount,
    topics,
    indexMilliseconds: Number(indexing.toFixed(1)),
    millisecondsPerReader: Number(((asNew ?? 0) / readerCount).toFixed(4)),
    again: Number(((asKnown ?? 0) / readerCount).toFixed(4)),
  };
  if (json) print(JSON.stringify(result));
  else for (const [name, value] of Object.entries(result)) print(`${name}: ${value}`);
}

await run(measure);
