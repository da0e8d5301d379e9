import { parse } from 'csv-parse/sync';
import type { ImportRow } from '../../shared/imports/row.ts';
import { asUtf8 } from './decode.ts';
import { cellsOf, detectFormat, type Format, type RowReading } from './formats.ts';
import { type Line, readLines } from './lines.ts';
import { delimiterOf, type Guess, guessList, readSuppressed, suppressedIn } from './plain-list.ts';

/** The entries of a file in order: first its format, or that it has none. */
export type FileEntry =
  | { type: 'format'; service: Format['service'] }
  /** A note about a guess, or about something left out. */
  | { type: 'note'; text: string }
  /** No part of the file can be used. No entry follows. */
  | { type: 'unreadable'; reason: string }
  /** `bytes`: those of the file read so far, in UTF-8. */
  | { type: 'row'; row: ImportRow; bytes: number }
  | { type: 'rejected'; line: number; reason: string; bytes: number };

/** Lines of a quoted cell. A quote that is still open then begins no cell. */
const longestRow = 200;
/** Characters. RFC 5321 allows 254. */
const longestAddress = 1_000;
/** Characters of a JSON file, which is read whole: some 500,000 suppressed addresses. */
const longestJson = 100_000_000;

const unknownFormat =
  'Its first line holds no e-mail address and no column that is called e-mail. Give the CSV file as Mailchimp, Buttondown, Substack or ' +
  'listmonk exported it, a list of addresses, or the suppression list of SES.';

const delimiterNames: Record<string, string> = { ';': 'semicolons', '\t': 'tabs', '|': 'bars' };

/**
 * Reads a file of subscribers, as other services export it or a plain list. It never throws because of the file's
 * bytes.
 */
export async function* readSubscriberFile(source: AsyncIterable<Uint8Array>): AsyncGenerator<FileEntry> {
  const notes: string[] = [];
  const lines = readLines(asUtf8(source, encoding => notes.push(`The file is in ${encoding}.`)));
  const { first, all } = await peek(lines);
  if (!first) {
    yield { type: 'unreadable', reason: 'The file is empty.' };
    return;
  }
  if (/^\s*[[{]/.test(first.text ?? '')) {
    yield* readSuppressionList(all);
    return;
  }
  const delimiter = delimiterOf(first.text ?? '');
  const named = delimiterNames[delimiter];
  if (named) notes.push(`Its cells are parted by ${named}.`);
  let isGuessed = false;
  let header: string[] | undefined;
  let format: Format | undefined;
  for await (const record of readRecords(all, delimiter)) {
    const { line, cells, bytes } = record;
    if (!header || !format) {
      const guess = cells && !detectFormat(cells) ? guessList(cells) : undefined;
      header = guess?.header ?? cells ?? [];
      format = guess?.format ?? detectFormat(header);
      if (!format) {
        yield { type: 'unreadable', reason: unknownFormat };
        return;
      }
      yield { type: 'format', service: format.service };
      for (const text of [...notes, ...notesOf(format, header, guess)]) yield { type: 'note', text };
      if (!guess?.isHeaderless) continue;
    }
    if (record.guessed && !isGuessed) {
      isGuessed = true;
      yield { type: 'note', text: `From line ${line} on, what is not UTF-8 is taken for Windows-1252.` };
    }
    if (!cells) {
      yield { type: 'rejected', line, reason: record.fault ?? 'it can’t be read', bytes };
      continue;
    }
    const row = cellsOf(header, cells);
    yield entryOf(
      format.read(column => row(column) ?? '', row),
      line,
      bytes,
    );
  }
}

function entryOf(reading: RowReading, line: number, bytes: number): FileEntry {
  if (!reading.ok) return { type: 'rejected', line, reason: reading.reason, bytes };
  if (reading.row.email.length <= longestAddress) return { type: 'row', row: { line, ...reading.row }, bytes };
  return { type: 'rejected', line, reason: 'The address is longer than 254 characters.', bytes };
}

/** Names the column used for each field, and the columns that are left out. */
function notesOf({ reads }: Format, header: string[], guess: Guess | undefined): string[] {
  const names = header.map(name => name.trim()).filter(name => name !== '');
  const others = names.filter(name => !reads.includes(name.toLowerCase()));
  const shown = others.length > 20 ? [...others.slice(0, 20), `${others.length - 20} more`] : others;
  const first = guess?.isHeaderless ? ' It has no header.' : '';
  return [
    ...(guess ? [`It is taken for a list, with the addresses in "${reads[0]}".${first}`] : []),
    ...(shown.length > 0 ? [`Left out: ${shown.join(', ')}.`] : []),
  ];
}

/** The first line that is not empty, and all lines with it. */
async function peek(lines: AsyncGenerator<Line>): Promise<{ first: Line | undefined; all: AsyncGenerator<Line> }> {
  const blank: Line[] = [];
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    blank.push(next.value);
    if (next.value.text?.trim() === '') continue;
    const held = blank;
    return {
      first: next.value,
      all: (async function* () {
        yield* held;
        yield* lines;
      })(),
    };
  }
  return { first: undefined, all: lines };
}

/** SES's suppression list, as JSON. */
async function* readSuppressionList(lines: AsyncIterable<Line>): AsyncGenerator<FileEntry> {
  const texts: string[] = [];
  let length = 0;
  let bytes = 0;
  for await (const line of lines) {
    length += line.text?.length ?? 0;
    bytes = line.bytes;
    if (length <= longestJson) texts.push(line.text ?? '');
  }
  const entries = length <= longestJson ? suppressedIn(texts.join('\n')) : undefined;
  if (!entries) {
    const reason =
      'It looks like JSON, and is no suppression list as "aws sesv2 list-suppressed-destinations" prints it.';
    yield { type: 'unreadable', reason };
    return;
  }
  yield { type: 'format', service: 'ses' };
  for (const [index, { email, reason }] of entries.entries())
    yield entryOf(readSuppressed(email, reason), index + 1, bytes);
}

interface CsvRecord {
  /** The number of its first line. */
  line: number;
  cells?: string[];
  fault?: string;
  /** Whether some of it was not UTF-8. */
  guessed?: boolean;
  bytes: number;
}

/**
 * The records of a CSV file (RFC 4180): one line, or several when a quoted cell continues. A quote that is never closed
 * must spoil only its own line, so the parser gets one record at a time.
 */
async function* readRecords(lines: AsyncIterable<Line>, delimiter: string): AsyncGenerator<CsvRecord> {
  let open: Line[] = [];
  let isOpen = false;
  for await (const line of lines) {
    if (line.text === undefined) {
      yield* parseEach(open, delimiter);
      open = [];
      isOpen = false;
      yield { line: line.number, fault: line.fault ?? 'it can’t be read', bytes: line.bytes };
      continue;
    }
    open.push(line);
    if (hasOddQuotes(line.text)) isOpen = !isOpen;
    if (isOpen && open.length < longestRow) continue;
    // A quote that is still open begins no cell. The lines after it may be rows.
    yield* isOpen ? parseEach(open, delimiter) : parseTogether(open, delimiter);
    open = [];
    isOpen = false;
  }
  yield* parseEach(open, delimiter);
}

function hasOddQuotes(text: string): boolean {
  let odd = false;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) odd = !odd;
  return odd;
}

function* parseEach(lines: Line[], delimiter: string): Generator<CsvRecord> {
  for (const line of lines) yield* parseTogether([line], delimiter);
}

function* parseTogether(lines: Line[], delimiter: string): Generator<CsvRecord> {
  const first = lines[0] as Line;
  const bytes = lines.at(-1)?.bytes ?? first.bytes;
  const text = lines.map(line => line.text).join('\n');
  if (text.trim() === '') return;
  let records: string[][];
  try {
    records = parse(text, { delimiter, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  } catch {
    if (lines.length > 1) yield* parseEach(lines, delimiter);
    else yield { line: first.number, fault: 'a quote in it is not closed', bytes };
    return;
  }
  for (const [index, cells] of records.entries()) {
    // Several records mean that the quotes were no real ones, and that each line is a record.
    const line = records.length === lines.length ? first.number + index : first.number;
    yield { line, cells, guessed: lines.some(each => each.guessed), bytes };
  }
}
