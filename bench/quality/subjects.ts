import { indexCandidates } from '../../shared/digests/candidate-index.ts';
import { selectPapers } from '../../shared/digests/select-papers.ts';
import { subjectFor } from '../../shared/digests/subject.ts';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { freezeDaily } from './freeze.ts';
import { recordedDays } from './recorded-days.ts';

/** The subjects of recorded days for a reader without preferences. */
export async function subjectsOf(folder: string): Promise<{ date: string; subject: string }[]> {
  const subjects: { date: string; subject: string }[] = [];
  for (const { date, papers } of recordedDays(folder)) {
    const { digest, candidates } = await freezeDaily(date, papers);
    const shown = selectPapers(indexCandidates(candidates), preferencesSchema.parse({})).map(({ paper }) => paper);
    subjects.push({ date, subject: subjectFor(digest, shown) });
  }
  return subjects;
}
