import { setTimeout } from 'node:timers/promises';
import { SourceError } from './source.ts';

/**
 * Fetches a text from the network.
 * @param accept the media type, `application/json`
 * @throws SourceError with the server's fault
 */
export type FetchText = (url: string, accept: string) => Promise<string>;

export interface FetchTextOptions {
  /** Names this deployment to the operators of sources: `daily-papers (+https://…)`. */
  userAgent: string;
  /** For one attempt, from the first byte sent to the last byte received. */
  timeoutMilliseconds?: number;
  maxBytes?: number;
  retries?: number;
  /** Randomness of the pauses between attempts, 0 to 1. */
  random?: () => number;
  sleep?: (milliseconds: number) => Promise<unknown>;
}

const mostRedirects = 3;
const firstPauseMilliseconds = 500;
/** A source that asks for a longer pause is asked again by the next run. */
const longestPauseMilliseconds = 30_000;

/** The failure of an attempt that may succeed when repeated. */
class Retryable {
  constructor(
    readonly reason: string,
    readonly pauseMilliseconds?: number,
    readonly status?: number,
  ) {}
}

function givenUp(url: string, { reason, status }: Retryable, attempts: number): SourceError {
  const often = attempts > 1 ? `, ${attempts} times in a row` : '';
  return new SourceError(`${nameOf(url)} ${reason}${often}.`, { mayPass: true, ...(status && { status }) });
}

/**
 * Makes a `FetchText` that limits time and bytes. It retries after a lost connection, a 429 or a 5xx. It follows
 * redirects only on the same host, so that only hosts of the settings are asked.
 */
export function createFetchText(options: FetchTextOptions): FetchText {
  const { retries = 2, random = Math.random, sleep = setTimeout } = options;
  return async (url, accept) => {
    for (let attempt = 0; ; attempt += 1) {
      const result = await fetchOnce(new URL(url), accept, options);
      if (typeof result === 'string') return result;
      if (attempt >= retries) throw givenUp(url, result, attempt + 1);
      // Full jitter, so that processes that failed together don't retry together.
      const pause = result.pauseMilliseconds ?? random() * firstPauseMilliseconds * 2 ** attempt;
      await sleep(Math.min(pause, longestPauseMilliseconds));
    }
  };
}

async function fetchOnce(start: URL, accept: string, options: FetchTextOptions): Promise<string | Retryable> {
  const { userAgent, timeoutMilliseconds = 10_000, maxBytes = 5 * 1024 * 1024 } = options;
  const signal = AbortSignal.timeout(timeoutMilliseconds);
  let url = start;
  try {
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const response = await fetch(url.href, {
        headers: { accept, 'user-agent': userAgent },
        redirect: 'manual',
        signal,
      });
      const location = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && location !== null) {
        await response.body?.cancel();
        url = redirected(url, location);
        continue;
      }
      return await readAnswer(response, url, accept, maxBytes);
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (signal.aborted) throw new SourceError(`${nameOf(url)} took longer than ${timeoutMilliseconds} ms.`);
    return new Retryable('could not be reached, or broke off');
  }
  throw new SourceError(`${nameOf(start)} redirected more than ${mostRedirects} times.`);
}

function redirected(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw new SourceError(`${nameOf(from)} redirected to no address.`);
  const to = new URL(location, from);
  if (to.host !== from.host || (to.protocol !== from.protocol && to.protocol !== 'https:')) {
    throw new SourceError(`${nameOf(from)} redirected to another host, ${to.host || to.protocol}.`);
  }
  return to;
}

async function readAnswer(response: Response, url: URL, accept: string, maxBytes: number): Promise<string | Retryable> {
  if (!response.ok) {
    await response.body?.cancel();
    const reason = `answered with status ${response.status}`;
    if (response.status !== 429 && response.status < 500) {
      throw new SourceError(`${nameOf(url)} ${reason}.`, { status: response.status });
    }
    return new Retryable(reason, retryAfter(response), response.status);
  }
  const type = response.headers.get('content-type') ?? '';
  if (/html/i.test(type) && !/html/i.test(accept)) {
    await response.body?.cancel();
    throw new SourceError(`${nameOf(url)} answered with HTML; ${accept} was expected.`);
  }
  return readBody(response, url, maxBytes);
}

/** RFC 9110, section 10.2.3: seconds, or a date, which is compared with the server's own clock. */
function retryAfter(response: Response): number | undefined {
  const wanted = response.headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(wanted)) return Number(wanted) * 1000;
  const pause = Date.parse(wanted) - Date.parse(response.headers.get('date') ?? '');
  return Number.isNaN(pause) ? undefined : Math.max(0, pause);
}

async function readBody(response: Response, url: URL, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early cancels the body.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw new SourceError(`${nameOf(url)} answered with more than ${maxBytes} bytes.`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** The address without its query, which may hold a secret: [no secret in a log](docs/invariants.md#12). */
function nameOf(url: URL | string): string {
  const { origin, pathname } = new URL(String(url));
  return origin + pathname;
}
