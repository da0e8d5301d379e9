import { readFile } from 'node:fs/promises';

/** A file of papers in one of the sources' forms. */
export type PapersFile =
  | { kind: 'page'; text: string }
  /** `date`: the day on which most of its papers were featured. */
  | { kind: 'hugging-face'; items: unknown[]; date: string | undefined };

/** The file holds no papers. The message says so to the developer. */
export class PapersFileError extends Error {
  override name = 'PapersFileError';
}

/**
 * Reads a file of papers and finds its form.
 * @throws PapersFileError when the file can't be read, or is neither page text nor Hugging Face JSON
 */
export async function readPapersFile(path: string): Promise<PapersFile> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new PapersFileError(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new PapersFileError(`${path} is a folder; name a file.`);
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new PapersFileError(`${path} is not a text file.`);
    throw new PapersFileError(`${path} can't be read: ${(error as Error).message}`);
  }
  const forms = 'It must be the text of the Daily Papers page, or the JSON of GET /api/daily_papers.';
  const start = text.trimStart()[0];
  if (start === undefined) throw new PapersFileError(`${path} is empty. ${forms}`);
  if (start === '<') throw new PapersFileError(`${path} is HTML or XML. ${forms}`);
  if (text.includes('\0')) throw new PapersFileError(`${path} is not a text file. ${forms}`);
  if (start !== '[' && start !== '{') return { kind: 'page', text };

  let items: unknown;
  try {
    items = JSON.parse(text);
  } catch (error) {
    // A page may begin with a bracket, too, but damaged JSON must not be read as a page.
    throw new PapersFileError(`${path} begins like JSON, but is not: ${(error as Error).message}. ${forms}`);
  }
  if (!Array.isArray(items)) throw new PapersFileError(`${path} is JSON, but not an array. ${forms}`);
  if (items.length === 0) throw new PapersFileError(`${path} has no papers in it.`);
  return { kind: 'hugging-face', items, date: mostCommonDay(items) };
}

function mostCommonDay(items: unknown[]): string | undefined {
  const counts = new Map<string, number>();
  for (const item of items) {
    const at = (item as { paper?: { submittedOnDailyAt?: unknown } } | null)?.paper?.submittedOnDailyAt;
    if (typeof at !== 'string') continue;
    const day = at.slice(0, 10);
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
