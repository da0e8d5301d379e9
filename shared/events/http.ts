import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Hono } from 'hono';
import { handle } from 'hono/aws-lambda';
import * as z from 'zod';
import type { FunctionName } from '../platform/resources.ts';
import { UnknownEventError } from './kind.ts';

/** The parts of an HTTP API's request (payload 2.0) that are checked here. */
const requestSchema = z.looseObject({
  version: z.literal('2.0'),
  rawPath: z.string().startsWith('/'),
  rawQueryString: z.string(),
  headers: z.record(z.string(), z.string()),
  requestContext: z.looseObject({
    http: z.looseObject({ method: z.string(), sourceIp: z.string() }),
    authorizer: z.looseObject({ iam: z.looseObject({}).optional() }).nullish(),
  }),
  isBase64Encoded: z.boolean(),
  body: z.string().optional(),
});

/** Methods whose requests have no body: a body has no meaning there (RFC 9110 section 9.3.1). */
const bodiless = new Set(['GET', 'HEAD']);

/** @see https://fetch.spec.whatwg.org/#forbidden-method */
const unspeakable = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * The entry point of a function behind the HTTP API.
 * @param callers the callers that the gateway lets through: anyone, or operators, whose requests are IAM-signed
 * @returns a handler that throws UnknownEventError on any other event
 */
export function createHttpHandler(name: FunctionName, app: Hono, callers: 'anyone' | 'operators') {
  const answer = handle(app) as (event: unknown, context: Context) => Promise<APIGatewayProxyStructuredResultV2>;
  const expected = `requests of its HTTP API, ${callers === 'operators' ? 'IAM-signed' : 'not signed'}, payload "2.0"`;
  return async (event: unknown, context: Context) => {
    const request = requestSchema.safeParse(event);
    const isSigned = request.data?.requestContext.authorizer?.iam !== undefined;
    if (!request.success || isSigned !== (callers === 'operators')) throw new UnknownEventError(name, event, expected);
    const { body, ...rest } = request.data;
    const { http } = rest.requestContext;
    // The Fetch standard forbids these methods, and reads `get` as GET, which HTTP does not. They are replaced by a
    // method that no route has, so that the app answers as to any unknown method.
    if (unspeakable.has(http.method) || !/^[A-Z-]{1,40}$/.test(http.method)) http.method = 'UNKNOWN';
    const hasBody = body !== undefined && !bodiless.has(http.method);
    return answer({ ...rest, rawPath: escapePath(rest.rawPath), ...(hasBody && { body }) }, context);
  };
}

/**
 * Escapes again the characters that can't stand in a path, so that a decoded `?` or `#` does not cut off the address.
 * The HTTP API has decoded every escape of the path except `%25`.
 */
function escapePath(path: string): string {
  return path.replace(/%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9._~!$&'()*+,;=:@/%-]+/g, part =>
    [...Buffer.from(part)].map(byte => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}
