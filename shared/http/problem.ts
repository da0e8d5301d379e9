import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import * as z from 'zod';

/** RFC 9457 problem details: the body of every error. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** The fault, and how to correct it. */
  detail: z.string(),
  /** For invalid input: the faults by place. `path` is a field (`preferences.sendHour`) or a parameter's name. */
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

const titles = {
  'invalid-json': [400, 'The body is not JSON'],
  'invalid-input': [400, 'The input is not valid'],
  'invalid-token': [400, 'The link is not valid'],
  unauthorized: [401, 'A token is needed'],
  forbidden: [403, 'Not by this way'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'not-subscribed': [409, 'Not subscribed'],
  'digest-closed': [409, 'The digest is closed'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'Unsupported media type'],
  'source-failed': [422, 'The text is not what the source gives'],
  'unfit-mail': [422, 'The mail must not go out'],
  'too-many-requests': [429, 'Too many requests'],
  'internal-error': [500, 'Something went wrong'],
} as const satisfies Record<string, [ContentfulStatusCode, string]>;

export type ProblemName = keyof typeof titles;

/** Thrown by a route and answered as problem details. The caller sees its message. */
export class Problem extends Error {
  override name = 'Problem';
  readonly problem: ProblemName;
  readonly errors: { path: string; message: string }[] | undefined;
  /** Header fields of the answer, such as `Retry-After`. */
  readonly headers: Record<string, string> | undefined;

  constructor(
    problem: ProblemName,
    detail: string,
    errors?: { path: string; message: string }[],
    headers?: Record<string, string>,
  ) {
    super(detail);
    this.problem = problem;
    this.errors = errors;
    this.headers = headers;
  }

  get status(): ContentfulStatusCode {
    return titles[this.problem][0];
  }
}

export function invalidInput(error: z.ZodError, where: string): Problem {
  const errors = error.issues.flatMap(issue =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map(key => ({ path: [...issue.path, key].join('.'), message: 'is not a known field; leave it out' }))
      : [{ path: issue.path.join('.'), message: issue.message }],
  );
  return new Problem('invalid-input', `The ${where} is not valid: see "errors" for what to correct.`, errors);
}

export function answerProblem(c: Context, problem: Problem): Response {
  const body: z.infer<typeof problemSchema> = {
    type: `urn:daily-papers:problem:${problem.problem}`,
    title: titles[problem.problem][1],
    status: problem.status,
    detail: problem.message,
    ...(problem.errors && { errors: problem.errors }),
  };
  return c.body(JSON.stringify(body), problem.status, {
    ...problem.headers,
    'content-type': 'application/problem+json',
  });
}
