import type { Paper } from '../papers/paper.ts';
import { averageLengths, frequencyScore, idfIn, papersHaving } from './search-segments.ts';
import { eachPosting, findTerm, type Segment } from './segment.ts';
import { termsOf } from './words.ts';

/** A paper is described by this many of its terms: the rarest of those that it has the most often. */
const mostTerms = 20;
/** The weight of an occurrence in the paper's own title, keywords and abstract. */
const weights = { title: 3, keywords: 2, abstract: 1 } as const;
/** Terms in more than this part of all papers tell nothing about one. */
const common = 0.1;
/** Papers share at least this many of the terms. */
const fewestShared = 3;

/**
 * The papers that are most like one: they have the most of its telling terms, weighted as in a search (BM25+).
 * @returns their ids, the likest first; papers that are as like in the order of their ids, the newest first
 */
export function similarIn(
  segments: readonly Segment[],
  paper: Pick<Paper, 'id' | 'title' | 'keywords' | 'abstract'>,
  limit: number,
): string[] {
  const total = segments.reduce((sum, segment) => sum + segment.papers.length, 0);
  const counts = new Map<string, number>();
  for (const [field, weight] of Object.entries(weights)) {
    for (const text of [paper[field as keyof typeof weights]].flat()) {
      for (const term of termsOf(text)) counts.set(term, (counts.get(term) ?? 0) + weight);
    }
  }
  const telling = [...counts].flatMap(([term, count]) => {
    const having = segments.reduce((sum, segment) => sum + papersHaving(segment, term), 0);
    // Of a small store, every term is in a large part of the papers.
    if (having === 0 || (having > common * total && having > 10) || /^\d+$/.test(term)) return [];
    const weight = Math.log1p(count) * idfIn(total, having);
    return [{ term, weight }];
  });
  telling.sort((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1));

  const levels = averageLengths(segments);
  const found = new Map<string, { score: number; shared: number }>();
  for (const segment of segments) {
    const scores = new Float64Array(segment.papers.length);
    const shared = new Uint8Array(segment.papers.length);
    for (const { term, weight } of telling.slice(0, mostTerms)) {
      const number = findTerm(segment, term);
      if (segment.terms[number] !== term) continue;
      eachPosting(segment, number, posting => {
        const { paper: other, places, count } = posting;
        scores[other] = (scores[other] ?? 0) + weight * frequencyScore(segment, other, places, count, levels);
        shared[other] = (shared[other] ?? 0) + 1;
      });
    }
    segment.papers.forEach(({ id }, number) => {
      const one = { score: scores[number] ?? 0, shared: shared[number] ?? 0 };
      if (id === paper.id || one.shared < fewestShared || one.score <= (found.get(id)?.score ?? 0)) return;
      found.set(id, one);
    });
  }
  return [...found]
    .sort(([a, one], [b, other]) => other.score - one.score || (a < b ? 1 : -1))
    .slice(0, limit)
    .map(([id]) => id);
}
