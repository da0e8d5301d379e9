import { once } from 'node:events';
import * as z from 'zod';
import * as contract from '../functions/admin-api/subscribers/contract.ts';
import { statementSchema } from '../shared/consents/record.ts';
import { preferencesSchema, subscriberStatuses } from '../shared/subscribers/subscriber.ts';
import { daySchema } from '../shared/time/day.ts';
import type { AdminClient } from './client.ts';
import { UsageError } from './command-line.ts';
import { csvLine } from './csv.ts';
import { type AdminCommand, defineCommand, type Terminal } from './define-command.ts';
import { importFile, undoFile } from './import/import-file.ts';
import { plain } from './text.ts';

type Shown = z.output<typeof contract.listSubscribers.answer.schema>['subscribers'][number];

const importCommand = defineCommand({
  name: 'import',
  summary: 'import what another service exported, a list, or a suppression list',
  positionals: ['file'],
  input: z.object({
    file: z
      .string()
      .optional()
      .describe('an export of Mailchimp, Buttondown, Substack, listmonk or SES, or a plain list'),
    dryRun: z.boolean().default(false).describe('show the outcome of each row, and store nothing'),
    confirmedBefore: daySchema.optional().describe('every subscriber who joined before this day had confirmed'),
    proof: statementSchema.shape.proof.optional().describe('how that is known, in quotes'),
    as: z
      .enum(['unsubscribed', 'bounced', 'complained'])
      .optional()
      .describe('the file is of subscribers who must not be mailed'),
    undo: z.string().optional().describe('take back what an import created'),
  }),
  options: {
    dryRun: '',
    confirmedBefore: 'YYYY-MM-DD',
    proof: 'TEXT',
    as: 'unsubscribed|bounced|complained',
    undo: 'JOURNAL',
  },
  async run(context, { file, dryRun, confirmedBefore: day, proof, as, undo }) {
    if (undo !== undefined && (file ?? day ?? proof ?? as ?? (dryRun || undefined)) !== undefined) {
      throw new UsageError('--undo takes the journal of an import and nothing else.');
    }
    if (undo !== undefined) return undoFile(context, undo);
    if (file === undefined) throw new UsageError('FILE is missing.');
    if ((day === undefined) !== (proof === undefined) || (day !== undefined && as !== undefined)) {
      throw new UsageError('--confirmed-before and --proof go together, and not with --as.');
    }
    const statement = day !== undefined && proof !== undefined && { proof, confirmedBefore: `${day}T00:00:00Z` };
    return importFile(context, file, dryRun, { ...(statement && { statement }), ...(as && { as }) });
  },
});

const byStatus = {
  input: z.object({
    status: z
      .enum(subscriberStatuses)
      .optional()
      .describe(`only those who are ${subscriberStatuses.join(', ')}`),
  }),
  options: { status: 'STATUS' },
};

const list = defineCommand({
  name: 'list',
  summary: 'the subscribers: since when, how often, at which hour, and the address',
  ...byStatus,
  async run({ client, terminal, json, commandFor }, { status }) {
    const write = writerTo(terminal);
    const counts: Record<string, number> = {};
    for await (const subscriber of everybody(client, status)) {
      if (!json && Object.keys(counts).length === 0)
        await write(lineOf('status', 'since', 'how often', 'at', 'address'));
      counts[subscriber.status] = (counts[subscriber.status] ?? 0) + 1;
      await write(json ? `${JSON.stringify(subscriber)}\n` : shownLine(subscriber));
    }
    if (json) return;
    const all = Object.entries(counts).sort(([, a], [, b]) => b - a);
    const none = status
      ? `Nobody is ${status}.`
      : `There are no subscribers yet. Import some with: ${commandFor('subscribers import FILE')}`;
    await write(all.length === 0 ? `${none}\n` : `${all.map(([name, count]) => `${count} ${name}`).join(', ')}\n`);
  },
});

/** Widths of nearly all cells, since the rows come one by one. The address ends the line. */
const widths = [13, 11, 10, 26];

function lineOf(...cells: string[]): string {
  return `${plain(cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' ')).trimEnd()}\n`;
}

function shownLine({ id, email, status, preferences, ...times }: Shown): string {
  const since = (times.unsubscribedAt ?? times.confirmedAt ?? times.createdAt ?? '').slice(0, 10);
  const { frequency = '', sendHour, timeZone } = preferences ?? {};
  const at = preferences ? `${String(sendHour).padStart(2, '0')}:00 ${timeZone}` : '';
  return lineOf(status, since, frequency, at, email ?? id);
}

const exportCommand = defineCommand({
  name: 'export',
  summary: 'all subscribers, as CSV (or JSON lines)',
  ...byStatus,
  async run({ client, terminal, json }, { status }) {
    const wishes = Object.keys(preferencesSchema.shape);
    const write = writerTo(terminal);
    if (!json) await write(csvLine([...columns, ...wishes]));
    for await (const subscriber of everybody(client, status)) {
      const preferences: Record<string, unknown> = subscriber.preferences ?? {};
      const cells = [...columns.map(name => subscriber[name]), ...wishes.map(name => preferences[name])];
      await write(json ? `${JSON.stringify(subscriber)}\n` : csvLine(cells));
    }
  },
});

/** Waits for slow readers of the output, so that few lines are in memory, however many there are. */
function writerTo({ out }: Terminal): (text: string) => Promise<void> {
  return async text => {
    if (!out.write(text)) await once(out, 'drain');
  };
}

const columns = ['email', 'status', 'statusReason', 'createdAt', 'confirmedAt', 'unsubscribedAt'] as const;

async function* everybody(client: AdminClient, status: Shown['status'] | undefined): AsyncGenerator<Shown> {
  let cursor: string | undefined;
  do {
    const query = { ...(status && { status }), ...(cursor && { cursor }) };
    const page = await client.call(contract.listSubscribers, { query });
    yield* page.subscribers;
    cursor = page.nextCursor;
  } while (cursor);
}

const erase = defineCommand({
  name: 'erase',
  summary: 'erase a subscriber and all that is kept about them',
  positionals: ['subscriber'],
  input: z.object({ subscriber: z.string().min(1).describe('an address, or the id of a subscriber') }),
  async run({ client, show }, { subscriber }) {
    const body = /^[A-Za-z0-9_-]{43}$/.test(subscriber) ? { id: subscriber } : { email: subscriber };
    const answer = await client.call(contract.eraseSubscriber, { body });
    show(answer, 'Nothing is kept about this subscriber any more, and no import brings them back.');
  },
});

export const subscriberCommands: readonly AdminCommand[] = [list, importCommand, exportCommand, erase];
