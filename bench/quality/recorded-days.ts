import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Paper } from '../../shared/papers/paper.ts';
import { parseHuggingFace } from '../../shared/papers/sources/hugging-face.ts';

/** The folder of recorded days, which may be missing. */
export const recordedFolder = resolve(import.meta.dirname, '../../../shared/papers/hugging-face/replay');

/**
 * Recorded days, each with its papers; none when there is no such folder.
 * @param folder with files `*.ndjson.gz`, a day a line: `{"date", "items"}`, items as Hugging Face's API gives them
 */
export function recordedDays(folder: string): { date: string; papers: Paper[] }[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(name => name.endsWith('.ndjson.gz'));
  const lines = files.sort().flatMap(name =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .split('\n'),
  );
  return lines.filter(Boolean).map(line => {
    const { date, items }: { date: string; items: unknown } = JSON.parse(line);
    return { date, papers: parseHuggingFace(items, date).papers.map(paper => ({ ...paper, day: date })) };
  });
}
