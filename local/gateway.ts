import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { isForeign } from './guard.ts';
import { type HttpRequest, httpEvent, pathOf, routeOf } from './http-event.ts';
import type { Invoke } from './invoke.ts';

/** AWS limits: bytes of a request's line and headers, and of its body. */
const mostHeaderBytes = 10_240;
const mostBytes = 10 * 1024 * 1024;

/**
 * The API Gateway of this machine: it calls the admin API for paths below `/v1/admin/`, and the public API for all
 * others. It answers 503 until both can be called.
 * @param onError called when a function failed on a request
 */
export function createGateway(onError: (message: string) => void): { server: Server; mount(invoke: Invoke): void } {
  let invoke: Invoke | undefined;

  async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!invoke) return refuse(response, 503, 'The system is starting', 'Try again in a moment.');
    const path = pathOf(incoming);
    if (path === undefined) return refuse(response, 400, 'Bad Request', 'The address must begin with a slash.');
    const route = routeOf(incoming.method ?? 'GET', path);
    // On AWS only IAM-signed requests reach the admin API. Here every local process may call it, but no web page.
    if (route.signed && isForeign(incoming)) {
      const detail = 'The admin API answers only to programs on this machine, at localhost or 127.0.0.1.';
      return refuse(response, 403, 'Forbidden', detail);
    }
    const body = await readBody(incoming);
    if (!body) {
      response.setHeader('connection', 'close');
      return refuse(response, 413, 'Content Too Large', `Send at most ${mostBytes / 1024 / 1024} MB.`);
    }
    const request: HttpRequest = { incoming, path, body, route };
    const name = route.signed ? 'admin-api' : 'public-api';
    try {
      give(response, (await invoke(name, httpEvent(request))) as APIGatewayProxyStructuredResultV2);
    } catch (error) {
      onError(`${name} failed on a request. ${error}`);
      refuse(response, 500, 'Internal Server Error', 'It is not your fault. Try again in a minute.');
    }
  }

  const server = createServer({ maxHeaderSize: mostHeaderBytes }, (incoming, response) => {
    // A broken-off request throws. No client waits for an answer then.
    answer(incoming, response).catch(() => response.destroy());
  });
  return {
    server,
    mount(mounted) {
      invoke = mounted;
    },
  };
}

/** @returns undefined for a body that is too large; its rest is not read */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Turns a function's answer into an HTTP response. */
function give(response: ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const { statusCode = 200, headers = {}, cookies = [], body = '', isBase64Encoded = false } = result;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  // A HEAD's length is that of the GET's body, which the function has left out.
  if (bytes.length > 0) response.setHeader('content-length', bytes.length);
  response.writeHead(statusCode).end(bytes);
}

function refuse(response: ServerResponse, status: number, title: string, detail: string): void {
  response.writeHead(status, { 'content-type': 'application/problem+json' });
  response.end(JSON.stringify({ type: 'about:blank', title, status, detail }));
}
