import type { PaperRepository } from '../papers/repository.ts';
import { titleOf } from '../papers/shown.ts';
import { day } from '../platform/durations.ts';
import type { NewsOfPaper } from './digest.ts';

/** News this old (milliseconds) are frozen into a digest: a weekly reader's mails, or a pause, may be two weeks apart. */
const newsReachBack = 14 * day;
/** Most papers with news in a digest, some 200 bytes each. */
export const mostNews = 200;

/** The news of papers that is known at an instant (epoch milliseconds), the newest first, for readers who saved them. */
export async function newsUntil(papers: Pick<PaperRepository, 'listNews'>, now: number): Promise<NewsOfPaper[]> {
  const listed = await papers.listNews(now - newsReachBack, mostNews);
  return listed.map(({ paper, news }) => ({
    id: paper.id,
    title: titleOf(paper),
    ...(news.code && paper.codeUrl && { code: { ...news.code, url: paper.codeUrl } }),
    ...(news.version && { version: news.version }),
  }));
}
