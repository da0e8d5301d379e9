import type { Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type * as z from 'zod';
import { publicFor } from './caching.ts';
import { invalidInput, Problem, type ProblemName } from './problem.ts';

/**
 * One route of the JSON API. The same zod schemas validate its requests, shape its answers and make the OpenAPI
 * document, so that the three can't differ.
 */
export interface Route<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** As in OpenAPI: `/v1/papers/{id}`. */
  path: `/${string}`;
  /** The path's parameter may hold a slash before digits, as in old arXiv ids. */
  holdsSlashes?: true;
  summary: string;
  /**
   * Seconds for which a CDN may keep a good answer, which is the same for all callers. Without it, no cache may keep
   * the answer.
   */
  publicSeconds?: number;
  /**
   * Only for the subscriber of a token of one of these purposes: mounted by `mountForSubscriber`
   * (functions/public-api/bearer.ts).
   */
  bearer?: readonly string[];
  params?: Params;
  query?: Query;
  body?: Body;
  answer: { status: ContentfulStatusCode; description: string; schema: Answer };
  alsoAnswers?: { status: ContentfulStatusCode; description: string }[];
  problems: readonly ProblemName[];
}

/** Gives a route its exact types. */
export function defineRoute<
  Params extends z.ZodType = z.ZodUndefined,
  Query extends z.ZodType = z.ZodUndefined,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodUndefined,
>(route: Route<Params, Query, Body, Answer>): Route<Params, Query, Body, Answer> {
  return route;
}

export interface Input<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  params: z.output<Params>;
  query: z.output<Query>;
  body: z.output<Body>;
  context: Context;
}

export interface Answered<Answer extends z.ZodType> {
  answer: z.input<Answer>;
  status?: ContentfulStatusCode;
  headers?: Record<string, string>;
}

/**
 * Mounts a route: parses the request, calls `act`, parses its answer.
 * @param admit runs before any other check of the request; throws a Problem to refuse it
 */
export function mount<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
  Answer extends z.ZodType,
>(
  app: Hono,
  route: Route<Params, Query, Body, Answer>,
  act: (input: Input<Params, Query, Body>) => Promise<Answered<Answer>>,
  admit?: (c: Context) => void,
): void {
  if (route.bearer && !admit)
    throw new Error(`${route.method} ${route.path} needs a bearer token: mountForSubscriber.`);
  if (route.publicSeconds !== undefined) app.on('GET', honoPath(route), publicFor(route.publicSeconds));
  app.on(route.method.toUpperCase(), honoPath(route), async c => {
    admit?.(c);
    const { answer, status, headers } = await act({
      params: parse(route.params, c.req.param(), 'address') as z.output<Params>,
      query: parse(route.query, queryOf(c), 'query') as z.output<Query>,
      body: (route.body ? parse(route.body, await readJson(c), 'body') : undefined) as z.output<Body>,
      context: c,
    });
    return c.json(route.answer.schema.parse(answer) as object, status ?? route.answer.status, headers);
  });
}

function honoPath({ path, holdsSlashes }: Pick<Route, 'path' | 'holdsSlashes'>): string {
  return path.replace(/\{(\w+)\}/g, holdsSlashes ? ':$1{[^/]+(?:/\\d+)?}' : ':$1');
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw invalidInput(parsed.error, where);
  return parsed.data;
}

/**
 * Query parameters by name.
 * @throws Problem when a parameter is given twice
 */
function queryOf(c: Context): Record<string, string> {
  const entries = Object.entries(c.req.queries()).map(([name, values]) => {
    if (values.length > 1) {
      throw new Problem('invalid-input', `Give the parameter "${name}" once only.`);
    }
    return [name, values[0] ?? ''];
  });
  return Object.fromEntries(entries);
}

/**
 * The body parsed as JSON.
 * @throws Problem when it is not declared as JSON, or can't be parsed
 */
async function readJson(c: Context): Promise<unknown> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') {
    throw new Problem('unsupported-media-type', 'Send the body as JSON with "Content-Type: application/json".');
  }
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof SyntaxError) throw new Problem('invalid-json', 'The body could not be read as JSON.');
    throw error;
  }
}
