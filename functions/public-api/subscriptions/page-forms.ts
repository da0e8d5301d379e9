import type { Context } from 'hono';
import type { Refusal } from './enqueue.ts';

export function tokenOf(c: Context): string {
  return c.req.query('token') ?? '';
}

/** The text fields of a posted form, urlencoded or multipart. A body that can't be read has none. */
export async function fieldsOf(c: Context): Promise<Record<string, string>> {
  try {
    const entries = Object.entries(await c.req.parseBody());
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

/** A page about a refused request for a mail: a fault of the input (400), or a limit that was reached (429). */
export function answerPage(c: Context, page: string, { retryAfter }: Refusal): Response | Promise<Response> {
  return retryAfter === undefined ? c.html(page, 400) : c.html(page, 429, { 'Retry-After': String(retryAfter) });
}
