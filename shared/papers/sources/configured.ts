import { setTimeout as sleep } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Environment } from '../../platform/environment.ts';
import { type ArxivSource, createArxivSource } from './arxiv-source.ts';
import { createFetchText } from './fetch-text.ts';
import { createHuggingFaceSource } from './hugging-face.ts';
import { createPageSource } from './page.ts';
import type { Source } from './source.ts';
import { createTurns } from './turns.ts';

export const sourceVariables = [
  'HUGGING_FACE_URL',
  'PAGE_URL',
  'ARXIV_URL',
  'ARXIV_FEED_URL',
  'ARXIV_CATEGORIES',
  'PUBLIC_URL',
] as const;

/** The sources of a deployment. arXiv is always used to look papers up, and is read daily when it has categories. */
export function createSources(
  environment: Environment<(typeof sourceVariables)[number]> & { tables: { Limits: string } },
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
  const sources = [
    createHuggingFaceSource({ baseUrl: environment.HUGGING_FACE_URL, fetchText }),
    ...(environment.ARXIV_CATEGORIES.length > 0 ? [arxiv] : []),
    ...(environment.PAGE_URL ? [createPageSource({ url: environment.PAGE_URL, fetchText })] : []),
  ];
  return { sources, arxiv };
}
