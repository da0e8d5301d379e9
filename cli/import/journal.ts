import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import * as z from 'zod';
import { CommandError } from '../command-line.ts';

/*
 * The progress of an import, one JSON object a line: a head, a line for each part of the file that the system has
 * answered, and one at the end. An import that stopped continues by it, and can be undone by it.
 */

const headSchema = z.object({ import: z.string(), startedAt: z.iso.datetime() });
const partSchema = z.object({
  /** The last line of the file that is done. */
  through: z.int(),
  /** Ids of the subscribers that were created. */
  created: z.array(z.string()),
  counts: z.record(z.string(), z.int()),
});
const endSchema = z.object({ done: z.literal(true) });

type Part = z.infer<typeof partSchema>;

export interface Journal {
  path: string;
  importId: string;
  startedAt: string;
  through: number;
  counts: Record<string, number>;
  done: boolean;
}

/**
 * The same file with the same terms is the same import.
 * @param terms the operator's statements about the file, as JSON
 * @throws CommandError when the file can't be read
 */
export async function importIdOf(file: string, terms: object): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  } catch (error) {
    throw new CommandError(`${file} can't be read: ${(error as Error).message}`);
  }
  const said = JSON.stringify(terms);
  if (said !== '{}') hash.update(said);
  return hash.digest('hex').slice(0, 16);
}

/** Opens the journal of a file's import, or begins one. */
export async function openJournal(file: string, importId: string, now: number): Promise<Journal> {
  const path = `${file}.${importId}.journal`;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CommandError(`${path} can't be read: ${error.message}`);
  });
  if (text?.includes('\n')) {
    const journal = parseJournal(path, text);
    // A line that was cut off must not spoil the next one.
    if (!text.endsWith('\n')) await appendFile(path, '\n');
    return journal;
  }
  const startedAt = new Date(now).toISOString();
  // If the process is killed while it writes this line, the next import begins again.
  await appendFile(path, `${text ? '\n' : ''}${JSON.stringify({ import: importId, startedAt })}\n`);
  return { path, importId, startedAt, through: 0, counts: {}, done: false };
}

export async function notePart(journal: Journal, part: Part): Promise<void> {
  await appendFile(journal.path, `${JSON.stringify(part)}\n`);
}

export async function noteEnd(journal: Journal): Promise<void> {
  await appendFile(journal.path, `${JSON.stringify({ done: true })}\n`);
}

/** @throws CommandError when the file is no journal */
export async function readJournal(path: string): Promise<Journal & { created: string[] }> {
  const text = await readFile(path, 'utf8').catch((error: Error) => {
    throw new CommandError(`${path} can't be read: ${error.message}`);
  });
  return parseJournal(path, text);
}

function parseJournal(path: string, text: string): Journal & { created: string[] } {
  // The part of a line that a crash cut off was not answered.
  const lines = text.split('\n').flatMap(line => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
  const head = lines.map(line => headSchema.safeParse(line).data).find(Boolean);
  if (!head) throw new CommandError(`${path} is not the journal of an import.`);
  const parts = lines.flatMap(line => partSchema.safeParse(line).data ?? []);
  const counts: Record<string, number> = {};
  for (const part of parts) {
    for (const [name, count] of Object.entries(part.counts)) counts[name] = (counts[name] ?? 0) + count;
  }
  return {
    path,
    importId: head.import,
    startedAt: head.startedAt,
    through: Math.max(0, ...parts.slice(-1).map(part => part.through)),
    counts,
    done: lines.some(line => endSchema.safeParse(line).success),
    created: [...new Set(parts.flatMap(part => part.created))],
  };
}
