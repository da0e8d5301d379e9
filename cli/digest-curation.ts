import * as z from 'zod';
import * as contract from '../functions/admin-api/digests/contract.ts';
import { noteSchema } from '../shared/digests/curation.ts';
import { digestIdSchema } from '../shared/digests/digest.ts';
import { dailyIdOf, nextDailyDay } from '../shared/digests/period.ts';
import { paperIdSchema } from '../shared/events/ids.ts';
import { UsageError } from './command-line.ts';
import { type AdminCommand, type Context, defineCommand } from './define-command.ts';
import { leftOutLines, table } from './text.ts';

type Preview = z.output<typeof contract.previewDigest.answer.schema>;

const id = digestIdSchema.describe('of a digest, such as daily-2026-11-24');

/** The named digest, else the one that is frozen next. */
const orNext = (id: string | undefined) => id ?? dailyIdOf(nextDailyDay(Date.now()));

function headOf({ id, frozen, subject, papers, papersOfDay, size, faults, note, empty }: Preview): string[] {
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
  return [
    frozen ? `${id} is frozen.` : `${id}, as it would be frozen now:`,
    `Subject: ${subject}`,
    note ? `Note: ${note}` : '',
    empty
      ? `No papers: ${empty}`
      : `${papers.length} of ${papersOfDay} papers, HTML ${kilobytes(size.html)}, text ${kilobytes(size.text)}`,
    ...(faults.length > 0 ? ['Its mail must not go out:', ...faults.map(fault => `  ${fault}`)] : []),
  ];
}

const preview = defineCommand({
  name: 'preview',
  summary: 'a digest as it would be frozen now',
  positionals: ['id'],
  input: z.object({ id: id.optional().describe('such as weekly-2026-W48; without it, the next daily') }),
  async run({ client, show }, { id }) {
    const answer = await client.call(contract.previewDigest, { params: { id: orNext(id) } });
    const rows = answer.papers.map(({ id, title, score, upvotes, why, pinned, inDaily }, place) => [
      String(place + 1),
      score === undefined ? '' : score.toFixed(1),
      title.length > 70 ? `${title.slice(0, 69)}…` : title,
      [pinned && 'pinned', inDaily && `in ${inDaily}`, why ?? `${upvotes} upvotes`].filter(Boolean).join('; '),
      id,
    ]);
    show(
      answer,
      ...headOf(answer),
      ...(rows.length > 0 ? ['', ...table([['', 'score', 'title', 'why', 'paper'], ...rows])] : []),
      ...leftOutLines([...answer.leftOut, ...(answer.unfit ?? []).map(one => ({ ...one, reason: 'unfit' as const }))]),
    );
  },
});

async function curate(
  { client, show, commandFor }: Context,
  id: string,
  body: z.input<NonNullable<typeof contract.curateDigest.body>>,
): Promise<void> {
  const answer = await client.call(contract.curateDigest, { params: { id }, body });
  const { note, pinned, dropped } = answer;
  show(
    answer,
    `${id}: ${pinned.length > 0 ? `pinned ${pinned.join(', ')}` : 'nothing pinned'}; ` +
      `${dropped.length > 0 ? `dropped ${dropped.join(', ')}` : 'nothing dropped'}; ${note ? `note "${note}"` : 'no note'}.`,
    `See it with: ${commandFor(`digests preview ${id}`)}; if it is stopped, let it go on with: ${commandFor(`digests resume ${id}`)}`,
  );
}

/** `pin` and `drop`. */
const deciding = (decision: 'pin' | 'drop', summary: string) =>
  defineCommand({
    name: decision,
    summary,
    positionals: ['id', 'paper'],
    input: z.object({
      id,
      paper: paperIdSchema.describe('such as 2403.08540 or math/0211159'),
      undo: z.boolean().optional().describe('take the decision back'),
    }),
    options: { undo: '' },
    run: (context, { id, paper, undo }) => curate(context, id, { papers: { [paper]: undo ? null : decision } }),
  });

const note = defineCommand({
  name: 'note',
  summary: 'a line from the editor above the papers of a digest to come',
  positionals: ['id', 'text'],
  input: z.object({
    id,
    text: noteSchema.optional().describe('one line, in quotes'),
    remove: z.boolean().optional().describe('take the note away'),
  }),
  options: { remove: '' },
  async run(context, { id, text, remove = false }) {
    if ((text === undefined) !== remove) throw new UsageError('Give the note as one TEXT in quotes, or --remove.');
    await curate(context, id, { note: text ?? null });
  },
});

const testMail = defineCommand({
  name: 'test-mail',
  summary: 'mail a digest to yourself',
  positionals: ['address'],
  input: z.object({
    address: z.string().min(1).describe('where the mail goes'),
    id: id.optional().describe('such as weekly-2026-W48; without it, the next daily'),
  }),
  options: { id: 'ID' },
  async run({ client, show }, { address, id }) {
    const answer = await client.call(contract.sendTestMail, { params: { id: orNext(id) }, body: { address } });
    show(answer, `On its way to ${address}: "${answer.subject}", ${answer.papers} papers of ${answer.id}.`);
  },
});

export const curationCommands: readonly AdminCommand[] = [
  preview,
  deciding('pin', 'put a paper on top of a digest to come'),
  deciding('drop', 'leave a paper out of a digest to come, or a stopped one'),
  note,
  testMail,
];
