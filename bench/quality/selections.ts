import { indexCandidates } from '../../shared/digests/candidate-index.ts';
import { selectPapers } from '../../shared/digests/select-papers.ts';
import { readPreferences } from '../../shared/subscribers/read-preferences.ts';
import { bm25 } from './bm25.ts';
import { freezeDaily, paperWith } from './freeze.ts';
import type { JudgedPaper, Selections } from './judgements.ts';

const first = 10;

type Judgement = Selections['days'][number]['judgements'][string];

/** One reader's mail of one day. */
export interface ReaderDay {
  reader: string;
  date: string;
  /** nDCG of its first ten papers, and of the ten that BM25 puts first. */
  ndcg10: number;
  bm25: number;
  /** Papers in the mail that are of the kind that the reader muted. */
  mutedShown: string[];
}

/** The papers that each reader is sent on each day, against the judge's grades. Days without a paper for the reader are left out. */
export async function judgeSelections({ readers, days }: Selections): Promise<ReaderDay[]> {
  const judged: ReaderDay[] = [];
  for (const { date, papers, judgements } of days) {
    const { candidates } = await freezeDaily(
      date,
      papers.map(paper => paperWith(paper, date)),
    );
    const index = indexCandidates(candidates);
    const anchor = bm25(papers.map(({ title, abstract }) => `${title} ${abstract}`));
    for (const { name, topics, muted } of readers) {
      const judgement = judgements[name];
      if (!judgement || !Object.values(judgement.grades).some(grade => grade >= 2)) continue;
      const shown = selectPapers(index, readPreferences({ topics, muted }, name)).map(({ paper }) => paper.id);
      judged.push({
        reader: name,
        date,
        ndcg10: ndcg(shown, judgement),
        bm25: ndcg(byAnchor(papers, anchor(topics.join(' '))), judgement),
        mutedShown: shown.filter(id => judgement.muted.includes(id)),
      });
    }
  }
  return judged;
}

function byAnchor(papers: readonly JudgedPaper[], scores: readonly number[]): string[] {
  return papers
    .map(({ id, upvotes }, place) => ({ id, upvotes, score: scores[place] ?? 0 }))
    .sort((a, b) => b.score - a.score || b.upvotes - a.upvotes)
    .map(({ id }) => id);
}

/** The gains of the first ten, discounted by place, as a share of the best possible. A muted paper gains nothing. */
export function ndcg(shown: readonly string[], { grades, muted }: Judgement): number {
  const gainOf = (id: string) => (muted.includes(id) ? 0 : 2 ** (grades[id] ?? 0) - 1);
  const sum = (gains: readonly number[]) =>
    gains.slice(0, first).reduce((total, gain, place) => total + gain / Math.log2(place + 2), 0);
  const best = sum(
    Object.keys(grades)
      .map(gainOf)
      .sort((a, b) => b - a),
  );
  return best === 0 ? 0 : sum(shown.map(gainOf)) / best;
}
