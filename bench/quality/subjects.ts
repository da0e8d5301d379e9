import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { indexCandidates } from '../../shared/digests/candidate-index.ts';
import { selectPapers } from '../../shared/digests/select-papers.ts';
import { subjectFor } from '../../shared/digests/subject.ts';
import { parseHuggingFace } from '../../shared/papers/sources/hugging-face.ts';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { freezeDaily } from './freeze.ts';

/**
 * The subjects of recorded days for a reader without preferences.
 * @param folder with files `*.ndjson.gz`, a day a line: `{"date", "items"}`, items as Hugging Face's API gives them
 */
export async function subjectsOf(folder: string): Promise<{ date: string; subject: string }[]> {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter(name => name.endsWith('.ndjson.gz'));
  const lines = files.sort().flatMap(name =>
    gunzipSync(readFileSync(join(folder, name)))
      .toString()
      .split('\n'),
  );
  const subjects: { date: string; subject: string }[] = [];
  for (const line of lines.filter(Boolean)) {
    const { date, items }: { date: string; items: unknown } = JSON.parse(line);
    const papers = parseHuggingFace(items, date).papers.map(paper => ({ ...paper, day: date }));
    const { digest, candidates } = await freezeDaily(date, papers);
    const shown = selectPapers(indexCandidates(candidates), preferencesSchema.parse({})).map(({ paper }) => paper);
    subjects.push({ date, subject: subjectFor(digest, shown) });
  }
  return subjects;
}
