import type { Paper } from '../../shared/papers/paper.ts';
import { workOutTexts } from '../../shared/papers/shown.ts';

/** A paper that fits the schema, with what a test cares about. */
export function examplePaper(fields: Partial<Paper> = {}): Paper {
  return {
    id: '2611.00001',
    title: 'A title',
    abstract: 'An abstract.',
    authors: ['A. Author'],
    day: '2026-11-23',
    upvotes: 3,
    categories: [],
    keywords: [],
    sources: ['hugging-face'],
    ...fields,
  };
}

/** A paper as it comes back once it is stored: with its texts. */
export const withTexts = (paper: Paper): Paper => ({ ...paper, shown: workOutTexts(paper) });
