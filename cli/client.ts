import type * as z from 'zod';
import { problemSchema } from '../shared/http/problem.ts';
import type { Route } from '../shared/http/route.ts';
import { type Address, urlVariable } from './address.ts';
import { CommandError } from './command-line.ts';

/** Milliseconds. API Gateway itself answers within 30 seconds (AWS limit). */
const requestTimeout = 35_000;

/** A call failed. The message has the reason and the remedy. */
export class CallError extends CommandError {
  override name = 'CallError';
  constructor(
    message: string,
    /** Whether the same call may succeed in a moment. */
    readonly mayPass: boolean,
  ) {
    super(message);
  }
}

export type AdminClient = ReturnType<typeof createClient>;

/**
 * Calls routes of the system at an address, by their contracts. Requests to other machines are signed with the
 * credentials of the AWS environment: API Gateway passes only signed ones to the admin API.
 */
export function createClient({ url, source }: Address) {
  const place = source === urlVariable ? `${url} (from ${source})` : url;
  const isHere = isLoopback(new URL(url).hostname);

  /** @throws CallError */
  async function call<Body extends z.ZodType, Answer extends z.ZodType>(
    route: Pick<Route<z.ZodType, z.ZodType, Body, Answer>, 'method' | 'path' | 'answer'> & { body?: Body },
    input: { params?: Record<string, string>; query?: Record<string, string>; body?: z.input<Body> } = {},
    signal?: AbortSignal,
  ): Promise<z.output<Answer>> {
    const path = route.path.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(input.params?.[name] ?? ''));
    const address = new URL(`${url}${path}`);
    for (const [name, value] of Object.entries(input.query ?? {})) address.searchParams.set(name, value);
    const body = input.body === undefined ? '' : JSON.stringify(input.body);
    const request = {
      method: route.method.toUpperCase(),
      url: address,
      headers: { ...(body && { 'content-type': 'application/json' }) },
      body,
    };
    const headers = isHere ? request.headers : await signed(request);
    const timeout = AbortSignal.timeout(requestTimeout);
    let response: Response;
    let text: string;
    try {
      response = await fetch(address, {
        method: request.method,
        headers,
        ...(body && { body }),
        // A redirect would turn a POST into a GET, and the signature is for this host alone.
        redirect: 'manual',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      text = await response.text();
    } catch (error) {
      throw new CallError(noAnswer(place, isHere, error), true);
    }
    const answer = readJson(text);
    if (!response.ok) {
      const mayPass = response.status === 429 || response.status >= 500;
      throw new CallError(refusal(place, response, answer), mayPass);
    }
    const parsed = route.answer.schema.safeParse(answer);
    if (!parsed.success) throw new CallError(`What answers at ${place} is not this version of Daily Papers.`, false);
    return parsed.data;
  }

  return { url, call };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}

async function signed(request: { method: string; url: URL; headers: Record<string, string>; body: string }) {
  // Loaded only now: most commands are about this machine.
  const { createSigner } = await import('./sign.ts');
  try {
    return await createSigner()(request, new Date());
  } catch (error) {
    throw new CallError(
      `The request to ${request.url.host} could not be signed: ${(error as Error).message} Name your AWS credentials ` +
        'by AWS_PROFILE, or by AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and the region by AWS_REGION.',
      false,
    );
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function noAnswer(place: string, isHere: boolean, error: unknown): string {
  const { name, cause, message } = error as Error & { cause?: { code?: string } };
  if (name === 'TimeoutError') return `${place} did not answer within ${requestTimeout / 1000} seconds. Try again.`;
  const next = isHere
    ? 'Start the system with: npm start'
    : 'Is it the ApiUrl that the deployment printed, and is the network there?';
  return `Nothing answers at ${place}. ${next} (${cause?.code ?? message})`;
}

/** The reason in an error answer: that of its problem details, else API Gateway's own message. */
function refusal(place: string, response: Response, answer: unknown): string {
  const { data: problem } = problemSchema.safeParse(answer);
  if (problem) {
    const errors = problem.errors?.map(({ path, message }) => `\n  ${path ? `${path}: ` : ''}${message}`) ?? [];
    return `${problem.detail}${errors.join('')}`;
  }
  const location = response.headers.get('location');
  if (location) return `${place} sends elsewhere, to ${location}: give that address with --url or ${urlVariable}.`;
  const message = (answer as { message?: unknown } | null | undefined)?.message;
  const said = typeof message === 'string' ? `: ${message}` : '.';
  const next = response.status === 403 ? '\nDo your AWS credentials have execute-api:Invoke on this API?' : '';
  return `${place} answered ${response.status}${said}${next}`;
}
