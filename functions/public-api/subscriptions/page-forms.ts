import type { Context } from 'hono';
import type { Refusal } from './enqueue.ts';

export function tokenOf(c: Context): string {
  return c.req.query('token') ?? '';
}

/** The text fields of a posted form, urlencoded or multipart; none when the body can't be read. */
export async function fieldsOf(c: Context): Promise<Record<string, string>> {
  try {
    const entries = Object.entries(await c.req.parseBody());
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return {};
  }
}

/** A page that says why a request for a mail was not taken: wrong (400), or too often (429). */
export function answerPage(c: Context, page: string, { retryAfter }: Refusal): Response | Promise<Response> {
  return retryAfter === undefined ? c.html(page, 400) : c.html(page, 429, { 'Retry-After': String(retryAfter) });
}
