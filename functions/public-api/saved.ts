import type { Paper } from '../../shared/papers/paper.ts';
import type { PublicServices } from './services.ts';

interface SavedPage {
  /** `at`: since when, epoch milliseconds */
  papers: { paper: Paper; at: number }[];
  nextCursor?: string;
}

/**
 * A page of what a subscriber saved, the newest first; papers that are not listed any more are left out.
 * @param cursor `<epoch ms>~<paper id>` of the last one before: papers that come or go do not move the others
 */
export async function savedPage(
  { papers, votes }: Pick<PublicServices, 'papers' | 'votes'>,
  subscriberId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<SavedPage> {
  const all = await votes.listMarked('save', subscriberId);
  const [before, id = ''] = cursor?.split('~') ?? [];
  const rest =
    before === undefined
      ? all
      : all.filter(({ at, paperId }) => at < Number(before) || (at === Number(before) && paperId > id));
  const page = rest.slice(0, limit);
  const listed = await papers.getListed(page.map(({ paperId }) => paperId));
  const byId = new Map(listed.map(paper => [paper.id, paper]));
  const last = rest.length > limit ? page.at(-1) : undefined;
  return {
    papers: page.flatMap(({ paperId, at }) => {
      const paper = byId.get(paperId);
      return paper ? { paper, at } : [];
    }),
    ...(last && { nextCursor: `${last.at}~${last.paperId}` }),
  };
}
