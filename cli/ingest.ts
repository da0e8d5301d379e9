import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { ingest, listSources } from '../functions/admin-api/papers/contract.ts';
import { type ReadSourceName, readSourceNames } from '../shared/events/sources.ts';
import { daySchema, featuredDay, newYorkDay } from '../shared/time/day.ts';
import { daysOfMonth, monthSchema, weekSchema } from '../shared/time/period.ts';
import { CommandError, UsageError } from './command-line.ts';
import { type Context, defineCommand } from './define-command.ts';
import { startProgress } from './progress.ts';

type Answer = z.output<typeof ingest.answer.schema>;

/** Items of a Hugging Face file in one request. AWS takes 6 MB a request, and an item has a few kilobytes. */
const itemsPerRequest = 200;
const rejectionsShown = 20;

export const ingestCommand = defineCommand({
  name: 'ingest',
  summary: 'take papers in, from a source or a file',
  input: z.object({
    source: z.enum(readSourceNames).optional().describe('where the papers are from; a file says so itself'),
    date: daySchema.optional().describe('the papers of one day; without it, of today'),
    week: weekSchema.optional().describe('the papers of one week'),
    month: monthSchema.optional().describe('day after day; the same command goes on where it stopped'),
    file: z
      .string()
      .min(1, 'name a file')
      .optional()
      .describe('page text, JSON of Hugging Face, or a feed or listing of arXiv'),
  }),
  options: {
    source: readSourceNames.join('|'),
    date: 'YYYY-MM-DD',
    week: 'YYYY-Www',
    month: 'YYYY-MM',
    file: 'FILE',
  },
  async run(context, { source, date, week, month, file }) {
    if ([date, week, month].filter(Boolean).length > 1) throw new UsageError('Give one of --date, --week and --month.');
    if (file !== undefined) {
      if (week || month) throw new UsageError('A file is of one day: give --date, or nothing for today.');
      return report(context, await ingestFile(context, file, source, date ?? newYorkDay(Date.now())));
    }
    if (!source) throw new UsageError('--source is missing: name one, or give a --file.');
    if (month) return report(context, await ingestMonth(context, source, month));
    const period = week ? { week } : { day: date ?? featuredDay(Date.now()) };
    report(context, [await context.client.call(ingest, { body: { source, ...period } })]);
  },
});

/**
 * Ingests a month day by day. A day that was read whole after its end is skipped, so a month that broke off continues.
 */
async function ingestMonth(context: Context, source: ReadSourceName, month: string): Promise<Answer[]> {
  const { client, json } = context;
  const today = featuredDay(Date.now());
  const days = daysOfMonth(month).filter(day => day <= today);
  if (days.length === 0) throw new UsageError(`--month can't be "${month}": it has not begun.`);
  const query = { from: days[0] ?? '', to: days.at(-1) ?? '' };
  const known = await client.call(listSources, { query });
  const isDone = (day: string) =>
    known.days.some(
      one => one.source === source && one.day === day && one.readAt && featuredDay(Date.parse(one.readAt)) > day,
    );
  const open = days.filter(day => !isDone(day));
  const bar = startProgress(`${source} ${month}`, !json);
  const answers: Answer[] = [];
  try {
    for (const day of open) {
      bar.update(days.length - open.length + answers.length, days.length);
      answers.push(await client.call(ingest, { body: { source, day } }));
    }
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const next = `${days.length - open.length + answers.length} of ${days.length} days are in. Go on with the same command.`;
    throw new CommandError(`${error.message}\n${next}`);
  } finally {
    bar.end();
  }
  return answers;
}

async function ingestFile(
  { client, json }: Context,
  path: string,
  named: ReadSourceName | undefined,
  day: string,
): Promise<Answer[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new CommandError(`${path} can't be read: ${reason}.`);
  });
  const source = named ?? sourceOf(text);
  const parts = partsOf(text);
  const bar = startProgress(path, !json);
  const answers: Answer[] = [];
  try {
    for (const part of parts) {
      bar.update(answers.length, parts.length);
      answers.push(await client.call(ingest, { body: { source, day, text: part } }));
    }
  } finally {
    bar.end();
  }
  return answers;
}

/** The source of a text, by its form. */
function sourceOf(text: string): ReadSourceName {
  const start = text.trimStart()[0];
  return start === '[' || start === '{' ? 'hugging-face' : start === '<' ? 'arxiv' : 'page';
}

/** A long list in parts that fit a request. Any other text stays whole, and is refused with the reason. */
function partsOf(text: string): string[] {
  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch {
    return [text];
  }
  if (!Array.isArray(items) || items.length <= itemsPerRequest) return [text];
  const parts: string[] = [];
  for (let start = 0; start < items.length; start += itemsPerRequest) {
    parts.push(JSON.stringify(items.slice(start, start + itemsPerRequest)));
  }
  return parts;
}

function report({ show }: Context, answers: Answer[]): void {
  const sum = (of: (answer: Answer) => number) => answers.reduce((total, answer) => total + of(answer), 0);
  const rejected = answers.flatMap(answer => answer.rejected);
  const incomplete = answers.flatMap(answer => answer.incomplete ?? []);
  const odd = [...rejected, ...incomplete];
  const counts = {
    read: sum(({ read }) => read),
    stored: sum(({ stored }) => stored),
    unchanged: sum(({ unchanged }) => unchanged),
    rejected,
    incomplete,
  };
  const without = incomplete.length > 0 ? `, ${incomplete.length} without an odd field` : '';
  const more = odd.length - rejectionsShown;
  show(
    counts,
    answers.length === 0 ? 'Every day of it is in already.' : '',
    `${counts.read} read, ${counts.stored} stored, ${counts.unchanged} unchanged, ${rejected.length} rejected${without}`,
    ...odd.slice(0, rejectionsShown).map(({ entry, reason }) => `  ${entry}: ${reason}`),
    more > 0 ? `  and ${more} more; --json shows them all` : '',
  );
}
