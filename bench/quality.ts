import { resolve } from 'node:path';
import * as z from 'zod';
import { print, run } from '../cli/command-line.ts';
import { jsonSchema, readArguments } from '../cli/program.ts';
import { readJudgements } from './quality/judgements.ts';
import { judgeLeads, type Verdict } from './quality/leads.ts';
import { recordedFolder } from './quality/recorded-days.ts';
import { judgeSelections, type ReaderDay } from './quality/selections.ts';
import { subjectsOf } from './quality/subjects.ts';

/*
 * How good a mail's content is, by judgements made by reading: `npm run bench -- quality [--judgements FOLDER]
 * [--replay FOLDER] [--json]`.
 * Leads: the share that begins with a good, weak or bad sentence. Selections: nDCG@10 by reader and day, with BM25 as the
 * anchor, and muted papers that are shown. Subjects: those of the recorded days, for reading.
 */

const root = resolve(import.meta.dirname, '..');
const rounded = (share: number) => Number(share.toFixed(4));
const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / Math.max(1, numbers.length);

async function judge(): Promise<void> {
  const { judgements, replay, json } = readArguments(
    'npm run bench -- quality',
    'the quality of leads, selections, subjects',
    {
      input: z.object({
        judgements: z
          .string()
          .default(resolve(root, '../shared/judgements'))
          .describe('folder with leads*.json and selections.json (../shared/judgements)'),
        replay: z
          .string()
          .default(recordedFolder)
          .describe('folder with recorded days (../shared/papers/hugging-face/replay)'),
        json: jsonSchema,
      }),
      options: { judgements: 'FOLDER', replay: 'FOLDER', json: '' },
    },
  );
  const judged = readJudgements(judgements);
  const leads = judgeLeads(judged.leads);
  const readerDays = await judgeSelections(judged.selections);
  const subjects = await subjectsOf(replay);
  const share = (asked: Verdict) => rounded(mean(leads.map(({ verdict }) => Number(verdict === asked))));
  const result = {
    leads: { papers: leads.length, good: share('good'), weak: share('weak'), bad: share('bad') },
    selections: {
      readerDays: readerDays.length,
      ndcg10: rounded(mean(readerDays.map(({ ndcg10 }) => ndcg10))),
      bm25: rounded(mean(readerDays.map(each => each.bm25))),
      mutedShown: readerDays.reduce((sum, { mutedShown }) => sum + mutedShown.length, 0),
    },
    subjects: subjects.map(({ subject }) => subject),
  };
  if (json) {
    print(JSON.stringify(result));
    return;
  }
  const { good, weak, bad } = result.leads;
  print(`leads of ${leads.length} papers: ${percent(good)} good, ${percent(weak)} weak, ${percent(bad)} bad`);
  for (const { id, verdict, lead } of leads) if (verdict !== 'good') print(`  ${verdict}  ${id}  ${lead}`);
  const { ndcg10, bm25, mutedShown } = result.selections;
  print(`\nselections: nDCG@10 ${ndcg10}, BM25 ${bm25}, ${mutedShown} muted papers shown`);
  for (const readerDay of readerDays) print(lineOf(readerDay));
  print(subjects.length === 0 ? `\nno subjects: there is no ${replay}` : '\nsubjects');
  for (const { date, subject } of subjects) print(`  ${date}  ${subject}`);
}

const percent = (part: number) => `${(100 * part).toFixed(1)} %`;

function lineOf({ reader, date, ndcg10, bm25, mutedShown }: ReaderDay): string {
  const muted = mutedShown.length > 0 ? `  muted shown: ${mutedShown.join(' ')}` : '';
  return `  ${date}  ${reader.padEnd(12)}  ${ndcg10.toFixed(3)}  BM25 ${bm25.toFixed(3)}${muted}`;
}

await run(judge);
