import { createReadStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import type * as z from 'zod';
import * as contract from '../../functions/admin-api/subscribers/contract.ts';
import { type ImportRow, silentServices } from '../../shared/imports/row.ts';
import { type AdminClient, CallError } from '../client.ts';
import { CommandError } from '../command-line.ts';
import type { Context } from '../define-command.ts';
import { startProgress } from '../progress.ts';
import { plain } from '../text.ts';
import { importIdOf, noteEnd, notePart, openJournal, readJournal } from './journal.ts';
import { type FileEntry, readSubscriberFile } from './read-file.ts';

type Outcome = z.output<typeof contract.importSubscribers.answer.schema>['rows'][number];

/** Rejected rows printed after a progress bar has ended. Without a bar, all are printed. */
const mostTold = 1_000;

/** The operator's statements about a file. */
export interface Terms {
  /** All subscribers who joined before a time had confirmed, with the proof of that. */
  statement?: { proof: string; confirmedBefore: string };
  /** The file is of subscribers who must not be mailed. */
  as?: Exclude<ImportRow['status'], 'active'>;
}

/** Imports a file, or prints the outcome of each row without importing. Parts that were imported before are skipped. */
export async function importFile(context: Context, file: string, dryRun: boolean, terms: Terms): Promise<void> {
  const { client, json, terminal, show } = context;
  const importId = await importIdOf(file, terms);
  const journal = dryRun ? undefined : await openJournal(file, importId, Date.now());
  const undo = journal && context.commandFor(`subscribers import --undo ${journal.path}`);
  if (journal?.done) {
    show(
      { import: importId, ...journal.counts, journal: journal.path, again: true },
      `${file} has been imported already: ${countsText(journal.counts, false)}.`,
      `Undo it with: ${undo}`,
    );
    return;
  }
  const { size } = await stat(file);
  const withBar = terminal.out.isTTY === true && !json;
  const bar = startProgress('importing', withBar);
  const told = createTeller(context, withBar, dryRun);
  const counts: Record<string, number> = { ...journal?.counts };
  const startedAt = journal?.startedAt ?? new Date().toISOString();
  const send = createSender(client, { importId, startedAt, dryRun }, terms);
  let service: FileEntry & { type: 'format' } = { type: 'format', service: 'mailchimp' };
  const notes: string[] = [];
  try {
    for await (const part of partsOf(readSubscriberFile(createReadStream(file)), journal?.through ?? 0)) {
      if (part.format) service = part.format;
      notes.push(...part.notes);
      const outcomes = [...part.rejected, ...(await send(service.service, part.rows))];
      const partCounts: Record<string, number> = {};
      for (const outcome of outcomes.toSorted((a, b) => a.line - b.line)) {
        const key = outcome.outcome === 'created' && outcome.status !== 'active' ? 'optOuts' : outcome.outcome;
        partCounts[key] = (partCounts[key] ?? 0) + 1;
        told.row(outcome);
      }
      for (const [key, count] of Object.entries(partCounts)) counts[key] = (counts[key] ?? 0) + count;
      if (journal) await notePart(journal, { through: part.through, created: createdIn(outcomes), counts: partCounts });
      bar.update(part.bytes, size);
    }
  } catch (error) {
    bar.end();
    if (!(error instanceof CallError)) throw error;
    const goesOn = dryRun ? '' : '\nThe same command again goes on where it stopped.';
    throw new CommandError(`${error.message}${goesOn}`);
  }
  if (journal) await noteEnd(journal);
  bar.end();
  told.end();
  show(
    { import: importId, service: service.service, notes, dryRun, ...counts, ...(journal && { journal: journal.path }) },
    ...notes.map(plain),
    `${service.service}: ${countsText(counts, dryRun)}.`,
    undo ? `Undo it with: ${undo}` : 'Nothing was stored. Without --dry-run, it is.',
    silentServices.includes(service.service) && !terms.statement && !terms.as ? silentHint(service.service) : '',
  );
}

/** Undoes an import, and then puts its journal aside, so that the file can be imported again. */
export async function undoFile({ client, show, json, terminal }: Context, path: string): Promise<void> {
  const { importId, created } = await readJournal(path);
  const bar = startProgress('undoing', terminal.out.isTTY === true && !json);
  let removed = 0;
  const kept: string[] = [];
  for (let start = 0; start < created.length; start += contract.rowsPerCall) {
    const ids = created.slice(start, start + contract.rowsPerCall);
    const answer = await client.call(contract.undoImport, { body: { importId, ids } });
    removed += answer.removed;
    kept.push(...answer.kept);
    bar.update(start + ids.length, created.length);
  }
  bar.end();
  await rename(path, `${path}.undone`);
  const stay = kept.length > 0 ? `${kept.length} stay, because something was written since.` : '';
  show({ import: importId, removed, kept }, `Removed ${removed} subscribers that the import had created.`, stay);
}

/** The rows and notes since the part before. */
interface Part {
  format: (FileEntry & { type: 'format' }) | undefined;
  notes: string[];
  rows: ImportRow[];
  rejected: Outcome[];
  through: number;
  bytes: number;
}

/** The entries of a file after a line, in parts for one call each. @throws CommandError when it is unreadable */
async function* partsOf(entries: AsyncIterable<FileEntry>, after: number): AsyncGenerator<Part> {
  const empty = (through: number, bytes: number): Part => ({
    format: undefined,
    notes: [],
    rows: [],
    rejected: [],
    through,
    bytes,
  });
  let part = empty(after, 0);
  for await (const entry of entries) {
    if (entry.type === 'unreadable') throw new CommandError(entry.reason);
    if (entry.type === 'format') {
      part.format = entry;
      continue;
    }
    if (entry.type === 'note') {
      part.notes.push(entry.text);
      continue;
    }
    const line = entry.type === 'row' ? entry.row.line : entry.line;
    if (line <= after) continue;
    if (entry.type === 'row') part.rows.push(entry.row);
    else part.rejected.push({ line, outcome: 'rejected', reason: entry.reason });
    part.through = line;
    part.bytes = entry.bytes;
    if (part.rows.length + part.rejected.length < contract.rowsPerCall) continue;
    yield part;
    part = empty(part.through, part.bytes);
  }
  yield part;
}

function createSender(
  client: AdminClient,
  same: { importId: string; startedAt: string; dryRun: boolean },
  { statement, as }: Terms,
) {
  return async (service: (FileEntry & { type: 'format' })['service'], rows: ImportRow[]): Promise<Outcome[]> => {
    if (rows.length === 0) return [];
    // `as` replaces only `active`: a status in the file that already forbids mail stays.
    const sent = rows.map(row => (as && row.status === 'active' ? { ...row, status: as } : row));
    const body = { ...same, service, ...(statement && { statement }), rows: sent };
    return (await client.call(contract.importSubscribers, { body })).rows;
  };
}

function silentHint(service: string): string {
  return (
    `${service === 'list' ? 'A list doesn’t' : `Files of ${service} don’t`} say who confirmed. If you can prove it of those in this one, say so with --confirmed-before and ` +
    '--proof; if it is of those who left, with --as unsubscribed (docs/decisions/0018-the-operators-word.md).'
  );
}

function createdIn(outcomes: Outcome[]): string[] {
  return outcomes.flatMap(({ outcome, id }) => (outcome === 'created' && id ? id : []));
}

/** Prints rejected rows as they come, or after the bar; as JSON lines, in a dry run, every row. */
function createTeller({ terminal, json }: Context, withBar: boolean, dryRun: boolean) {
  const held: Outcome[] = [];
  let more = 0;
  const write = (text: string) => terminal.out.write(`${plain(text)}\n`);
  const words = ({ line, reason }: Outcome) => write(`line ${line}: ${reason}`);
  return {
    row(outcome: Outcome): void {
      if (json && (dryRun || outcome.outcome === 'rejected')) write(JSON.stringify(outcome));
      if (json || outcome.outcome !== 'rejected') return;
      if (!withBar) words(outcome);
      else if (held.length < mostTold) held.push(outcome);
      else more += 1;
    },
    end(): void {
      held.forEach(words);
      if (more > 0) write(`… and ${more} more rows: --json tells all of them.`);
    },
  };
}

function countsText(counts: Record<string, number>, dryRun: boolean): string {
  const { created = 0, optOuts = 0, stopped = 0, unchanged = 0, rejected = 0 } = counts;
  const would = dryRun ? 'would be ' : '';
  return (
    `${created} ${would}subscribed, ${optOuts} ${would}kept as opt-outs, ${stopped} ${would}stopped, ` +
    `${unchanged} unchanged, ${rejected} rejected`
  );
}
