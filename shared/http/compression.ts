import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Context, MiddlewareHandler } from 'hono';
import { parseAccept } from 'hono/utils/accept';
import { COMPRESSIBLE_CONTENT_TYPE_REGEX } from 'hono/utils/compress';
import { carriesToken } from './caching.ts';

/** Bytes below which an answer fits into one packet without compression. */
const leastBytes = 1_000;

/**
 * Of brotli's levels 0 to 11: level 4 makes smaller answers than gzip's usual 6, in less time (docs/decisions/0049).
 */
const brotliQuality = 4;

/** In the order of preference for a client that states none. */
const encodings = {
  br: (body: Uint8Array) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      },
    }),
  gzip: (body: Uint8Array) => promisify(gzip)(body),
} as const;

type Encoding = keyof typeof encodings;

/**
 * The encoding that a client prefers (RFC 9110, section 12.5.3).
 * @param accepted its `Accept-Encoding`
 * @returns undefined when the client prefers plain text. Also when it accepts none of ours and refuses plain text: then
 * there is no other answer.
 */
export function encodingFor(accepted: string | undefined): Encoding | undefined {
  const wishes = new Map<string, number>();
  for (const { type, q } of parseAccept(accepted ?? '')) {
    // `x-gzip` is the same as `gzip` (section 8.4.1.3). An encoding that is named twice has the higher of its weights.
    const name = type.toLowerCase().replace(/^x-/, '');
    wishes.set(name, Math.max(q, wishes.get(name) ?? 0));
  }
  const weightOf = (name: string) => wishes.get(name) ?? wishes.get('*') ?? 0;
  let best: Encoding | undefined;
  for (const encoding of Object.keys(encodings) as Encoding[]) {
    if (weightOf(encoding) > (best ? weightOf(best) : 0)) best = encoding;
  }
  const plain = weightOf('identity');
  return best && weightOf(best) >= plain ? best : undefined;
}

/**
 * Compresses text answers for clients that accept it. Answers to a token's owner stay plain: they hold a secret beside
 * text that a stranger may have typed, and their compressed length could reveal the secret (BREACH;
 * docs/decisions/0049).
 */
export function compression(): MiddlewareHandler {
  return async (c, next) => {
    await next();
    if (!mayBeCompressed(c)) return;
    c.header('vary', withAcceptEncoding(c.res.headers.get('vary')));
    const encoding = encodingFor(c.req.header('accept-encoding'));
    if (!encoding) return;
    const tag = c.res.headers.get('etag');
    // A strong tag would state that the bytes are the same (RFC 9110, section 8.8.1).
    if (tag?.startsWith('"')) c.header('etag', `W/${tag}`);
    if (!c.res.body || c.req.method === 'HEAD') return;
    const plain = new Uint8Array(await c.res.arrayBuffer());
    const isSmall = plain.length < leastBytes;
    const body = isSmall ? plain : await encodings[encoding](plain);
    c.res = new Response(body as Uint8Array<ArrayBuffer>, c.res);
    if (isSmall) return;
    c.header('content-encoding', encoding);
    c.header('content-length', undefined);
  };
}

function mayBeCompressed(c: Context): boolean {
  const { headers, status } = c.res;
  if (carriesToken(c) || headers.has('content-encoding') || status === 206) return false;
  if (/\bno-transform\b/i.test(headers.get('cache-control') ?? '')) return false;
  // A 304 has the `Vary` of the answer that it stands for.
  return status === 304 || COMPRESSIBLE_CONTENT_TYPE_REGEX.test(headers.get('content-type') ?? '');
}

function withAcceptEncoding(vary: string | null): string {
  const fields = (vary ?? '').split(',').flatMap(field => field.trim() || []);
  const isSaid = fields.some(field => field === '*' || field.toLowerCase() === 'accept-encoding');
  return isSaid ? fields.join(', ') : [...fields, 'Accept-Encoding'].join(', ');
}
