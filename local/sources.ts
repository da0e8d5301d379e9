import { createServer, type ServerResponse } from 'node:http';
import { newYorkDay } from '../shared/time/day.ts';
import { guard } from './guard.ts';
import { close, listen } from './listen.ts';

export interface SourcesOptions {
  /** Gives the page's text at `/daily-papers.txt`; without it, there is no page. */
  page?: () => string;
  /** Gives the papers of `/api/daily_papers` on a date, `2026-11-23`; without it, every date is empty. */
  huggingFace?: (date: string) => unknown[];
  /** Answers arXiv's query API; without it, arXiv knows no paper. */
  arxiv?: (asked: URL) => string;
}

const nothingFound = `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/none</id></feed>`;

/** The papers' sources on this machine. */
export interface LocalSources {
  /** Stands for https://huggingface.co. */
  url: string;
  pageUrl: string;
  stop(): Promise<void>;
}

/** Papers a page of Hugging Face's answer, by default. */
const defaultLimit = 50;
const mostLimit = 100;

/**
 * Serves papers in their sources' forms, on the loopback address.
 * @param port by default any free one
 */
export async function startSources(options: SourcesOptions, port = 0): Promise<LocalSources> {
  let url = '';
  const server = createServer((request, response) => {
    const asked = new URL(request.url ?? '/', url);
    if (asked.pathname === '/daily-papers.txt' && options.page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(options.page());
    } else if (asked.pathname === '/api/daily_papers') {
      answerDailyPapers(response, asked, options.huggingFace);
    } else if (asked.pathname === '/api/query') {
      response.writeHead(200, { 'content-type': 'application/atom+xml' }).end(options.arxiv?.(asked) ?? nothingFound);
    } else {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('Not found');
    }
  });
  url = await listen(guard(server), port);
  return { url, pageUrl: `${url}/daily-papers.txt`, stop: () => close(server) };
}

function answerDailyPapers(response: ServerResponse, asked: URL, featured: SourcesOptions['huggingFace']): void {
  const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const date = asked.searchParams.get('date') ?? newYorkDay(Date.now());
  const page = Number(asked.searchParams.get('p') ?? 0);
  const limit = Number(asked.searchParams.get('limit') ?? defaultLimit);
  if (Number.isNaN(Date.parse(`${date}T00:00:00Z`))) {
    json(400, { error: '✖ Invalid date\n  → at date' });
    return;
  }
  if (!Number.isInteger(page) || page < 0 || !Number.isInteger(limit) || limit < 1 || limit > mostLimit) {
    json(400, { error: '✖ Invalid page or limit' });
    return;
  }
  const items = featured?.(date) ?? [];
  const end = (page + 1) * limit;
  const next = new URL(asked);
  next.searchParams.set('p', String(page + 1));
  json(200, items.slice(page * limit, end), end < items.length ? { link: `<${next}>; rel="next"` } : {});
}
