import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import * as contract from '../functions/admin-api/papers/contract.ts';
import { paperIdSchema } from '../shared/events/ids.ts';
import { curatedPaperSchema } from '../shared/papers/sources/curator.ts';
import { daySchema } from '../shared/time/day.ts';
import { CommandError, UsageError } from './command-line.ts';
import { type AdminCommand, type Context, defineCommand } from './define-command.ts';
import { ingestCommand } from './ingest.ts';
import { renewCommand } from './renew-papers.ts';
import { table } from './text.ts';

type ShownPaper = z.output<typeof contract.showPaper.answer.schema>;

const id = paperIdSchema.describe('of a paper, such as 2403.08540 or math/0211159');
const byId = { positionals: ['id' as const], input: z.object({ id }) };

function lineOf({ id, title, day, hidden, submission, pinnedDay, withdrawn }: ShownPaper): string {
  const marks = [
    hidden && 'hidden',
    submission && `submission: ${submission}`,
    withdrawn && 'withdrawn',
    pinnedDay && `pinned to ${pinnedDay}`,
  ].filter(Boolean);
  return `${id} (${[day, ...marks].join(', ')}): ${title}`;
}

const sources = defineCommand({
  name: 'sources',
  summary: 'the state of each source on the last days, with the reason',
  input: z.object({
    from: daySchema.optional().describe('the first day'),
    to: daySchema.optional().describe('the last day'),
  }),
  options: { from: 'YYYY-MM-DD', to: 'YYYY-MM-DD' },
  async run({ client, show }, { from, to }) {
    const answer = await client.call(contract.listSources, { query: { ...(from && { from }), ...(to && { to }) } });
    const rows = answer.days.map(({ day, source, state, papers, reason }) => [
      day,
      source,
      state,
      String(papers),
      reason,
    ]);
    const odd = answer.days.flatMap(({ day, source, rejected = 0, incomplete = 0, odd = [] }) =>
      rejected + incomplete === 0
        ? []
        : [`${day} ${source}: ${rejected} rejected, ${incomplete} incomplete`, ...odd.map(one => `  ${one}`)],
    );
    show(answer, ...table([['day', 'source', 'state', 'papers', 'why'], ...rows]), ...odd);
  },
});

const put = defineCommand({
  name: 'put',
  summary: 'put one paper, by its arXiv id, or in full from a JSON file',
  positionals: ['id'],
  input: z.object({
    id: z.string().min(1).optional().describe('of arXiv, such as 2403.08540'),
    date: daySchema.optional().describe('the day that it is listed on'),
    file: z.string().min(1, 'name a file').optional().describe('the paper in full, in JSON'),
  }),
  options: { date: 'YYYY-MM-DD', file: 'FILE' },
  async run({ client, show }, { id, date, file }) {
    if ((id === undefined) === (file === undefined))
      throw new UsageError('Give an arXiv id, or a --file with the paper.');
    const body =
      file === undefined ? { arxivId: id ?? '', ...(date && { day: date }) } : { paper: await readPaper(file, date) };
    const paper = await client.call(contract.putPaper, { body });
    show(paper, lineOf(paper));
  },
});

async function readPaper(file: string, day: string | undefined): Promise<z.input<typeof curatedPaperSchema>> {
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new CommandError(`${file} can't be read: ${error.message}.`);
  });
  try {
    return curatedPaperSchema.parse({ ...JSON.parse(text), ...(day && { day }) });
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    throw new CommandError(`${file} is no paper in JSON with title and abstract: ${reason}`);
  }
}

const showOne = defineCommand({
  name: 'info',
  summary: 'one paper, hidden or not, and where each field came from',
  ...byId,
  async run({ client, show }, { id }) {
    const paper = await client.call(contract.showPaper, { params: { id } });
    const rows = Object.entries(paper.origins ?? {}).map(([field, { source, version, readAt }]) => [
      field,
      version === undefined ? source : `${source} v${version}`,
      readAt,
    ]);
    show(paper, lineOf(paper), ...table([['field', 'from', 'read at'], ...rows]));
  },
});

type Change = z.input<NonNullable<typeof contract.changePaper.body>>;

/** A command that makes one change to the named paper. */
const changing = (name: string, summary: string, body: Change) =>
  defineCommand({
    name,
    summary,
    ...byId,
    run: (context, { id }) => change(context, id, body),
  });

const pin = defineCommand({
  name: 'pin',
  summary: 'put it first on a day',
  positionals: ['id'],
  input: z.object({ id, date: daySchema.describe('the day') }),
  options: { date: 'YYYY-MM-DD' },
  run: (context, { id, date }) => change(context, id, { pinnedDay: date }),
});

const submissions = defineCommand({
  name: 'submissions',
  summary: 'the submitted papers that are not decided yet',
  input: z.object({}),
  async run({ client, show }) {
    const answer = await client.call(contract.listSubmissions, {});
    const rows = answer.submissions.map(({ paperId, submittedAt, state, submitters, title, reason }) => [
      paperId,
      submittedAt,
      state,
      String(submitters),
      title ?? reason ?? '',
    ]);
    show(answer, ...table([['id', 'submitted', 'state', 'by', 'title'], ...rows]));
  },
});

async function change({ client, show }: Context, id: string, body: Change): Promise<void> {
  const paper = await client.call(contract.changePaper, { params: { id }, body });
  show(paper, lineOf(paper));
}

const remove = defineCommand({
  name: 'delete',
  summary: 'delete it for good; only "papers put" brings it back',
  ...byId,
  async run({ client, show }, { id }) {
    const answer = await client.call(contract.deletePaper, { params: { id } });
    show(answer, `${id} is deleted.`);
  },
});

export const paperCommands: readonly AdminCommand[] = [
  ingestCommand,
  sources,
  put,
  showOne,
  changing('hide', 'take it out of lists, search, feeds and digests to come', { hidden: true }),
  changing('show', 'show it again', { hidden: false }),
  pin,
  changing('unpin', 'put it back to its own day', { pinnedDay: null }),
  submissions,
  changing('accept', 'list a submitted paper, on the day that is open now', { accepted: true }),
  changing('reject', 'keep a submitted paper out, unless a source features it', { accepted: false }),
  remove,
  renewCommand,
];
