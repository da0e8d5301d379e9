import { parse } from 'csv-parse/sync';
import type { ImportRow } from '../../../shared/subscribers/import.ts';
import { cellsOf, detectFormat, type Format } from './formats.ts';
import { type Line, readLines } from './lines.ts';

/** What a file holds, one after the other: its format first, or that it has none. */
export type FileEntry =
  | { type: 'format'; service: Format['service'] }
  /** Nothing of it can be used; nothing follows. */
  | { type: 'unreadable'; reason: string }
  /** `bytes`: how much of the file has been read. */
  | { type: 'row'; row: ImportRow; bytes: number }
  | { type: 'rejected'; line: number; reason: string; bytes: number };

/** A quoted cell may go on over so many lines; a quote that is still open then was never meant to be one. */
const longestRow = 200;
/** The address is the one long thing; RFC 5321 allows 254. */
const longestAddress = 1_000;

const unknownFormat =
  'Its first line is not that of a file that Mailchimp, Buttondown, Substack or listmonk exports. Give the CSV file as it was ' +
  'downloaded, with its header, commas between the cells, and in UTF-8.';

/** Reads a file of subscribers as other services export it. Whatever the bytes are, it throws nothing of its own. */
export async function* readSubscriberFile(source: AsyncIterable<Uint8Array>): AsyncGenerator<FileEntry> {
  let header: string[] | undefined;
  let format: Format | undefined;
  for await (const record of readRecords(readLines(source))) {
    const { line, cells, bytes } = record;
    if (!header || !format) {
      header = cells ?? [];
      format = detectFormat(header);
      if (!format) {
        yield { type: 'unreadable', reason: unknownFormat };
        return;
      }
      yield { type: 'format', service: format.service };
      continue;
    }
    if (!cells) {
      yield { type: 'rejected', line, reason: record.fault ?? 'it can’t be read', bytes };
      continue;
    }
    const row = cellsOf(header, cells);
    const reading = format.read(column => row(column) ?? '', row);
    if (!reading.ok) yield { type: 'rejected', line, reason: reading.reason, bytes };
    else if (reading.row.email.length > longestAddress) {
      yield { type: 'rejected', line, reason: 'The address is longer than 254 characters.', bytes };
    } else yield { type: 'row', row: { line, ...reading.row }, bytes };
  }
  if (!header) yield { type: 'unreadable', reason: 'The file is empty.' };
}

interface CsvRecord {
  /** Where it begins. */
  line: number;
  cells?: string[];
  fault?: string;
  bytes: number;
}

/**
 * The records of a CSV file (RFC 4180): a line, or several when a quoted cell goes on. A quote that is never closed costs its own
 * line and no other, so a parser must not run away with the rest of the file: it is given one record at a time.
 */
async function* readRecords(lines: AsyncIterable<Line>): AsyncGenerator<CsvRecord> {
  let open: Line[] = [];
  let isOpen = false;
  for await (const line of lines) {
    if (line.text === undefined) {
      yield* parseEach(open);
      open = [];
      isOpen = false;
      yield { line: line.number, fault: line.fault ?? 'it can’t be read', bytes: line.bytes };
      continue;
    }
    open.push(line);
    if (hasOddQuotes(line.text)) isOpen = !isOpen;
    if (isOpen && open.length < longestRow) continue;
    // A quote that is still open was no beginning of a cell; what follows it may be rows.
    yield* isOpen ? parseEach(open) : parseTogether(open);
    open = [];
    isOpen = false;
  }
  yield* parseEach(open);
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function* parseEach(lines: Line[]): Generator<CsvRecord> {
  for (const line of lines) yield* parseTogether([line]);
}

function* parseTogether(lines: Line[]): Generator<CsvRecord> {
  const first = lines[0] as Line;
  const bytes = lines.at(-1)?.bytes ?? first.bytes;
  const text = lines.map(line => line.text).join('\n');
  if (text.trim() === '') return;
  let records: string[][];
  try {
    records = parse(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  } catch {
    if (lines.length > 1) yield* parseEach(lines);
    else yield { line: first.number, fault: 'a quote in it is not closed', bytes };
    return;
  }
  for (const [index, cells] of records.entries()) {
    // Several only where quotes were no real ones: then each is a line.
    yield { line: records.length === lines.length ? first.number + index : first.number, cells, bytes };
  }
}
