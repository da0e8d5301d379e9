import { sourceFacts } from '../events/sources.ts';
import type { Paper } from './paper.ts';
import { shownText } from './text.ts';

/** The keywords with visible text. */
export function keywordsOf({ keywords }: Pick<Paper, 'keywords'>): string[] {
  return keywords.flatMap(word => shownText(word) || []);
}

/** The page with a paper's comments, if there are any. Only Hugging Face has such pages, by arXiv ids. */
export function discussionOf({
  id,
  sources,
  comments = 0,
}: Pick<Paper, 'id' | 'sources' | 'comments'>): string | undefined {
  const { discussions } = sourceFacts['hugging-face'];
  return comments > 0 && sources.includes('hugging-face') ? `${discussions}${id}` : undefined;
}
