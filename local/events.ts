import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { eventSource } from '../shared/events/events.ts';
import { eventRules } from '../shared/events/rules.ts';
import type { Emulator } from './dynamodb.ts';
import { guard } from './guard.ts';
import type { Invoke } from './invoke.ts';
import { close, listen } from './listen.ts';

/** An event as EventBridge hands it to a function. */
export interface BusEvent {
  version: '0';
  id: string;
  'detail-type': string;
  source: string;
  account: string;
  time: string;
  region: string;
  resources: string[];
  detail: Record<string, unknown>;
}

export interface EventsOptions {
  invoke: Invoke;
  /** Called after every failed attempt. */
  onError: (message: string) => void;
  /** Pause before the next try of a failed invocation. */
  retryMilliseconds?: number;
}

export interface LocalEvents extends Emulator {
  /** The newest events that were put, oldest first. */
  received: BusEvent[];
  /** Resolves when no invocation runs or waits for its next try. */
  idle(): Promise<void>;
}

/** Invocations in all: Lambda tries an asynchronous one three times. */
const attempts = 3;
const keptEvents = 10_000;

const requestSchema = z.object({
  Entries: z
    .array(z.object({ Source: z.string(), DetailType: z.string(), Detail: z.string(), Time: z.number().optional() }))
    .min(1)
    .max(10),
});

/** A small EventBridge on a free port of the loopback address: takes `PutEvents` and applies the system's own rules. */
export async function startEvents(options: EventsOptions): Promise<LocalEvents> {
  const { invoke, onError, retryMilliseconds = 1_000 } = options;
  const received: BusEvent[] = [];
  const underWay = new Set<Promise<void>>();
  const stopping = new AbortController();

  async function start(target: (typeof eventRules)[number]['target'], event: BusEvent): Promise<void> {
    for (let attempt = 1; attempt <= attempts && !stopping.signal.aborted; attempt += 1) {
      try {
        await invoke(target, event);
        return;
      } catch (error) {
        onError(`${target} failed on ${event['detail-type']}, attempt ${attempt} of ${attempts}. ${error}`);
      }
      if (attempt < attempts) {
        await sleep(retryMilliseconds * attempt, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  }

  function take(event: BusEvent): void {
    received.push(event);
    if (received.length > keptEvents) received.shift();
    if (event.source !== eventSource) return;
    for (const rule of eventRules) {
      if (rule.detailType !== event['detail-type']) continue;
      const invocation = start(rule.target, event).finally(() => underWay.delete(invocation));
      underWay.add(invocation);
    }
  }

  function put(body: unknown) {
    const request = requestSchema.safeParse(body);
    if (!request.success) return { status: 400, answer: fault('ValidationException', z.prettifyError(request.error)) };
    const entries = request.data.Entries.map(entry => {
      const detail = parseDetail(entry.Detail);
      if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
      const event: BusEvent = {
        version: '0',
        id: randomUUID(),
        'detail-type': entry.DetailType,
        source: entry.Source,
        account: '000000000000',
        // In whole seconds, as EventBridge gives it.
        time: new Date(entry.Time === undefined ? Date.now() : entry.Time * 1000).toISOString().replace(/\.\d+Z$/, 'Z'),
        region: 'us-east-1',
        resources: [],
        detail,
      };
      take(event);
      return { EventId: event.id };
    });
    const failed = entries.filter(entry => 'ErrorCode' in entry).length;
    return { status: 200, answer: { FailedEntryCount: failed, Entries: entries } };
  }

  const server = createServer(async (request, response) => {
    const { status, answer } = await answerTo(request, put);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(answer));
  });
  const endpoint = await listen(guard(server));
  return {
    endpoint,
    received,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    async stop() {
      stopping.abort();
      await Promise.all(underWay);
      await close(server);
    },
  };
}

/** Answers in the AWS JSON 1.1 protocol, which names the operation in a header. */
async function answerTo(request: IncomingMessage, put: (body: unknown) => { status: number; answer: unknown }) {
  const body = await text(request);
  if (request.headers['x-amz-target'] !== 'AWSEvents.PutEvents') {
    return { status: 400, answer: fault('UnknownOperationException', 'Only PutEvents is known here.') };
  }
  try {
    return put(JSON.parse(body));
  } catch {
    return { status: 400, answer: fault('SerializationException', 'The body is not JSON.') };
  }
}

function fault(type: string, message: string) {
  return { __type: type, message };
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail)
      ? (detail as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
