import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/**
 * Answers with a body, or with 304 when the client has it already (RFC 9110, section 13). Only the tag is compared. No
 * date changes with every part of an answer, so a comparison of dates could hide a new paper.
 */
export function answerConditionally(c: Context, { body, type }: { body: string; type: string }): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = { etag: tag };
  if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304, headers);
  return c.body(body, 200, { ...headers, 'content-type': type });
}

/** Compressed answers have a weak tag, which is equal to the strong one for a GET (13.1.2). */
function isKnown(tags: string | undefined, tag: string): boolean {
  return tags?.split(',').some(one => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag) ?? false;
}
