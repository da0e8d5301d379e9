import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/**
 * Answers with a body, or with 304 when the reader has it already (RFC 9110, section 13).
 * @param modified epoch milliseconds of the last change that has a date
 */
export function answerConditionally(
  c: Context,
  { body, type, modified }: { body: string; type: string; modified: number },
): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  // HTTP dates have no fractions of a second.
  const seconds = Math.floor(modified / 1000) * 1000;
  const headers = { etag: tag, 'last-modified': new Date(seconds).toUTCString() };
  if (isKnown(c.req.header('if-none-match'), c.req.header('if-modified-since'), tag, seconds)) {
    return c.body(null, 304, headers);
  }
  return c.body(body, 200, { ...headers, 'content-type': type });
}

/** The tag decides when there is one (13.1.3). A weak one, as compressed answers have it, is as good for a GET (13.1.2). */
function isKnown(tags: string | undefined, since: string | undefined, tag: string, modified: number): boolean {
  if (tags !== undefined) {
    return tags.split(',').some(one => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
  }
  const at = since === undefined ? Number.NaN : Date.parse(since);
  return at >= modified;
}
