import { once } from 'node:events';
import * as z from 'zod';
import * as contract from '../../functions/admin-api/subscribers-contract.ts';
import { preferencesSchema, subscriberStatuses } from '../../shared/subscribers/subscriber.ts';
import { CommandError } from '../cli.ts';
import type { AdminClient } from './client.ts';
import { type Command, defineCommand } from './command.ts';
import { csvLine } from './csv.ts';
import { importFile, undoFile } from './import/import-file.ts';
import { UsageError } from './usage-error.ts';

type Shown = z.output<typeof contract.listSubscribers.answer.schema>['subscribers'][number];

const importCommand = defineCommand({
  name: 'subscribers import',
  summary: 'import what Mailchimp, Buttondown, Substack or listmonk export',
  positionals: ['file'],
  input: z.object({
    file: z.string().optional(),
    'dry-run': z.boolean().default(false),
    undo: z.string().optional(),
  }),
  options: { 'dry-run': '', undo: 'JOURNAL' },
  async run(context, { file, 'dry-run': dryRun, undo }) {
    if (undo !== undefined && (file !== undefined || dryRun)) {
      throw new UsageError('--undo takes the journal of an import and nothing else.');
    }
    if (undo !== undefined) return undoFile(context, undo);
    if (file === undefined) throw new UsageError('FILE is missing.');
    return importFile(context, file, dryRun);
  },
});

const exportCommand = defineCommand({
  name: 'subscribers export',
  summary: 'everybody, or those with one status, as CSV (or JSON lines)',
  input: z.object({ status: z.enum(subscriberStatuses).optional() }),
  options: { status: subscriberStatuses.join('|') },
  async run({ client, terminal, json }, { status }) {
    const wishes = Object.keys(preferencesSchema.shape);
    const write = async (text: string) => {
      if (!terminal.out.write(text)) await once(terminal.out, 'drain');
    };
    if (!json) await write(csvLine([...columns, ...wishes]));
    for await (const subscriber of everybody(client, status)) {
      const preferences: Record<string, unknown> = subscriber.preferences ?? {};
      const cells = [...columns.map(name => subscriber[name]), ...wishes.map(name => preferences[name])];
      await write(json ? `${JSON.stringify(subscriber)}\n` : csvLine(cells));
    }
  },
});

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
  name: 'subscribers erase',
  summary: 'erase a person, by address or subscriber id, and all that is kept about them',
  positionals: ['person'],
  input: z.object({ person: z.string() }),
  async run({ client, show }, { person }) {
    const body = /^[A-Za-z0-9_-]{43}$/.test(person) ? { id: person } : { email: person };
    const answer = await client.call(contract.eraseSubscriber, { body });
    show(answer, 'Nothing is kept about this person any more, and no import brings them back.');
  },
});

const verify = defineCommand({
  name: 'consents verify',
  summary: 'find any change of the consent records',
  input: z.object({}),
  async run({ client, terminal, json, show }) {
    const totals = { subscribers: 0, records: 0, faults: 0 };
    let cursor: string | undefined;
    do {
      const page = await client.call(contract.verifyConsents, { query: cursor ? { cursor } : {} });
      totals.subscribers += page.subscribers;
      totals.records += page.records;
      totals.faults += page.faults.length;
      for (const { subscriberId, fault } of page.faults) {
        terminal.out.write(`${json ? JSON.stringify({ subscriberId, fault }) : `${subscriberId}: ${fault}`}\n`);
      }
      cursor = page.nextCursor;
    } while (cursor);
    const { subscribers, records, faults } = totals;
    show(
      totals,
      `${records} consent records of ${subscribers} subscribers were verified, ${faults} faults were found.`,
    );
    if (faults > 0)
      throw new CommandError(
        'The consent records are not as they were written: docs/personal-data.md says what to do.',
      );
  },
});

export const subscriberCommands: readonly Command[] = [importCommand, exportCommand, erase, verify];
