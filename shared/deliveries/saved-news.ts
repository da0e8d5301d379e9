import type { Digest, NewsOfPaper } from '../digests/digest.ts';
import type { SavedNews } from '../email/saved-news.tsx';
import type { Logger } from '../platform/logger.ts';
import type { Reader } from '../subscribers/subscriber.ts';
import type { NewsName, VoteRepository } from '../votes/repository.ts';

/*
 * The news of papers that a reader saved: each stands in one of their mails (docs/decisions/0082-news-of-saved-papers.md).
 * The save itself keeps which digest tells of it. So a mail that is composed again tells the same, and no later one does.
 */

export interface SavedNewsServices {
  votes: Pick<VoteRepository, 'listSaved' | 'leaveTelling'>;
  logger: Pick<Logger, 'error'>;
}

/**
 * The news for each reader of a digest's mail who saved papers, by the reader's id. Readers who never saved any cost no read. If a read
 * fails, the reader's mail goes out without the line.
 */
export async function newsForSavers(
  services: SavedNewsServices,
  { id, news = [] }: Pick<Digest, 'id' | 'news'>,
  readers: readonly Pick<Reader, 'id' | 'hasSaved'>[],
): Promise<Map<string, SavedNews[]>> {
  const savers = news.length === 0 ? [] : readers.filter(({ hasSaved }) => hasSaved);
  const found = new Map<string, SavedNews[]>();
  await Promise.all(
    savers.map(async reader => {
      try {
        const own = await newsFor(services, { id, news }, reader.id);
        if (own.length > 0) found.set(reader.id, own);
      } catch (error) {
        const about = { subscriberId: reader.id, digestId: id };
        services.logger.error('The news of saved papers could not be read', { ...about, error: error as Error });
      }
    }),
  );
  return found;
}

async function newsFor(
  { votes }: SavedNewsServices,
  { id, news }: { id: string; news: readonly NewsOfPaper[] },
  subscriberId: string,
): Promise<SavedNews[]> {
  const saved = await votes.listSaved(subscriberId);
  const told = news.map(async ({ id: paperId, title, code, version }): Promise<SavedNews | undefined> => {
    const paper = saved.get(paperId);
    if (!paper) return undefined;
    const tells = async (name: NewsName) =>
      (paper.told[name] ?? (await votes.leaveTelling({ subscriberId, paperId, news: name }, id))) === id;
    const [tellsCode, tellsVersion] = await Promise.all([
      code !== undefined && paper.at < code.at && tells('code'),
      version !== undefined && paper.at < version.at && tells(`v${version.number}`),
    ]);
    if (!tellsCode && !tellsVersion) return undefined;
    return {
      ...{ paperId, title },
      ...(tellsCode && { codeUrl: code?.url }),
      ...(tellsVersion && { version: version?.number }),
    };
  });
  return (await Promise.all(told)).filter(one => one !== undefined);
}
