import type { Paper } from '../../../shared/papers/paper.ts';
import type { PublicServices } from '../services.ts';
import { pageOfMarked } from './marked-page.ts';

interface SavedPage {
  /** `at`: the time of saving, epoch milliseconds */
  papers: { paper: Paper; at: number }[];
  nextCursor?: string;
}

/** A page of the papers that a subscriber saved, newest first. Papers that are not listed any more are left out. */
export async function savedPage(
  { papers, votes }: Pick<PublicServices, 'papers' | 'votes'>,
  subscriberId: string,
  asked: { limit: number; cursor?: string | undefined },
): Promise<SavedPage> {
  const { page, ...next } = pageOfMarked(await votes.listMarked('save', subscriberId), asked);
  const listed = await papers.getListed(page.map(({ paperId }) => paperId));
  const byId = new Map(listed.map(paper => [paper.id, paper]));
  return {
    papers: page.flatMap(({ paperId, at }) => {
      const paper = byId.get(paperId);
      return paper ? { paper, at } : [];
    }),
    ...next,
  };
}
