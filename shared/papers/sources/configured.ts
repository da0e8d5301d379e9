import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ReadSourceName } from '../../events/sources.ts';
import type { Environment } from '../../platform/environment.ts';
import { parseArxiv } from './arxiv.ts';
import { isArxivListing, parseArxivListing } from './arxiv-listing.ts';
import { type ArxivSource, createArxivSource } from './arxiv-source.ts';
import { createFetchText, type FetchText } from './fetch-text.ts';
import { createHuggingFaceSource, parseHuggingFaceText } from './hugging-face.ts';
import { createPageSource, parsePage } from './page.ts';
import type { Source, SourceReading } from './source.ts';
import { createTurns } from './turns.ts';

/** The parts that the reader of a source may be made of. */
interface ReaderTools {
  environment: Environment<
    'HUGGING_FACE_URL' | 'PAGE_URL' | 'ARXIV_URL' | 'ARXIV_FEED_URL' | 'ARXIV_CATEGORIES' | 'PUBLIC_URL'
  >;
  fetchText: FetchText;
  arxiv: ArxivSource;
}

/** How a source is read. */
interface SourceReader {
  /** @returns undefined where the deployment's settings leave the source out */
  create(tools: ReaderTools): Source | undefined;
  /**
   * Parses a text that was fetched by other means.
   * @throws SourceError when it is in another format
   */
  parse(text: string, day: string): SourceReading;
}

/** Every source that can be read; the type asks for a new one here. A run reads them in this order. */
export const sourceReaders: Record<ReadSourceName, SourceReader> = {
  'hugging-face': {
    create: ({ environment, fetchText }) =>
      createHuggingFaceSource({ baseUrl: environment.HUGGING_FACE_URL, fetchText }),
    parse: parseHuggingFaceText,
  },
  arxiv: {
    create: ({ environment, arxiv }) => (environment.ARXIV_CATEGORIES.length > 0 ? arxiv : undefined),
    parse: (text, day) => (isArxivListing(text) ? parseArxivListing(text) : parseArxiv(text, day)),
  },
  page: {
    create: ({ environment: { PAGE_URL: url }, fetchText }) => (url ? createPageSource({ url, fetchText }) : undefined),
    parse: parsePage,
  },
};

/** The sources of a deployment. arXiv is always used to look papers up, and is read daily when it has categories. */
export function createSources(
  environment: Environment<
    'HUGGING_FACE_URL' | 'PAGE_URL' | 'ARXIV_URL' | 'ARXIV_FEED_URL' | 'ARXIV_CATEGORIES' | 'PUBLIC_URL'
  > & { tables: { Limits: string } },
  dynamo: DynamoDBDocumentClient,
): { sources: Source[]; arxiv: ArxivSource } {
  const userAgent = `daily-papers (+${environment.PUBLIC_URL})`;
  const fetchText = createFetchText({ userAgent });
  const arxiv = createArxivSource({
    apiUrl: environment.ARXIV_URL,
    feedUrl: environment.ARXIV_FEED_URL,
    categories: environment.ARXIV_CATEGORIES,
    fetchText: createFetchText({ userAgent, retries: 0, timeoutMilliseconds: 20_000 }),
    inTurn: createTurns('arxiv.org', { dynamo, tableName: environment.tables.Limits, now: Date.now, sleep }),
    now: Date.now,
  });
  const sources = Object.values(sourceReaders).flatMap(({ create }) => create({ environment, fetchText, arxiv }) ?? []);
  return { sources, arxiv };
}
