import { noCuration } from '../../shared/digests/curation.ts';
import { type Draft, draftDigest } from '../../shared/digests/draft.ts';
import { dailyIdOf, periodOf, publicationTime } from '../../shared/digests/period.ts';
import type { Paper } from '../../shared/papers/paper.ts';

/** The daily of these papers, frozen as the product freezes it, without earlier digests and earlier counts. */
export function freezeDaily(date: string, papers: readonly Paper[]): Promise<Draft> {
  const services = {
    papers: { listByDay: async () => [...papers], listNews: async () => [] },
    snapshots: { historyOf: async () => new Map() },
    digests: { papersIn: async () => new Map<string, string>() },
    sourceDays: { list: async () => [] },
    searchStore: { listAcronyms: async () => [] },
    publicUrl: 'https://papers.example.org',
  };
  return draftDigest(services, periodOf(dailyIdOf(date)), noCuration, publicationTime(date));
}

/** A paper of which only these fields are known. */
export function paperWith(
  known: Pick<Paper, 'id' | 'title' | 'abstract'> & Partial<Pick<Paper, 'authors' | 'upvotes'>>,
  day: string,
): Paper {
  return { authors: [], upvotes: 0, ...known, day, categories: [], keywords: [], sources: ['hugging-face'] };
}
