import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { close, listen } from '../../local/listen.ts';

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Sent as JSON, a text as it is; undefined cuts the connection. */
  body: unknown;
}

/** A server that answers everything as told and remembers what it was asked, for what the system itself never says. */
export async function startServer(answerTo: (request: IncomingMessage, body: string) => Answer) {
  const requests: { request: IncomingMessage; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const asked = await text(request);
    requests.push({ request, body: asked });
    const { status = 200, headers = {}, body } = answerTo(request, asked);
    if (body === undefined) request.socket.destroy();
    else response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  const url = await listen(server);
  return { url, port: Number(new URL(url).port), requests, stop: () => close(server) };
}

/** A digest as the admin API shows it. */
export function shown(
  changes: {
    sent?: number;
    status?: string;
    statusReason?: string;
    openBatches?: number;
    planning?: boolean;
    askedAt?: string;
  } = {},
) {
  const { sent = 0, ...others } = changes;
  return {
    id: 'daily-2026-11-23',
    status: 'ready',
    subject: 'A paper',
    papers: 1,
    counts: { planned: 100, sent, failed: 0, suppressed: 0, unknown: 0, resent: 0 },
    openBatches: sent < 100 ? 2 : 0,
    planning: false,
    plannedAt: '2026-11-23T07:00:00.000Z',
    ...others,
  };
}
