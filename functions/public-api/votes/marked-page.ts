import type { MarkedPaper } from '../../../shared/votes/repository.ts';

/**
 * A page of the papers that a subscriber saved or submitted, newest first.
 * @param cursor `<epoch ms>~<paper id>` of the last paper on the page before; papers that come or go do not move the
 * others
 */
export function pageOfMarked(
  all: MarkedPaper[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): { page: MarkedPaper[]; nextCursor?: string } {
  const [before, id = ''] = cursor?.split('~') ?? [];
  const rest =
    before === undefined
      ? all
      : all.filter(({ at, paperId }) => at < Number(before) || (at === Number(before) && paperId > id));
  const page = rest.slice(0, limit);
  const last = rest.length > limit ? page.at(-1) : undefined;
  return { page, ...(last && { nextCursor: `${last.at}~${last.paperId}` }) };
}
