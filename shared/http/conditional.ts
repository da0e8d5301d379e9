import { createHash } from 'node:crypto';
import type { Context } from 'hono';

/**
 * Answers with a body, or with 304 when the reader has it already (RFC 9110, section 13). It is known by its tag alone: what our
 * answers are made of has no one date that moves with each of its changes, so a date could hide a new paper.
 */
export function answerConditionally(c: Context, { body, type }: { body: string; type: string }): Response {
  const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
  const headers = { etag: tag };
  if (isKnown(c.req.header('if-none-match'), tag)) return c.body(null, 304, headers);
  return c.body(body, 200, { ...headers, 'content-type': type });
}

/** A weak tag, as compressed answers have it, is as good for a GET (13.1.2). */
function isKnown(tags: string | undefined, tag: string): boolean {
  return tags?.split(',').some(one => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag) ?? false;
}
