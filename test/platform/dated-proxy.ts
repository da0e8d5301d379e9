import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { close, listen } from '../../local/listen.ts';

/** Passes calls on to a server and writes the `Date` of another clock on the answers. `undefined`: no `Date` at all. */
export async function startDatedProxy(target: string, date: () => Promise<number | undefined>) {
  const server = createServer((incoming, outgoing) => {
    pass(target, incoming, outgoing, date).catch(() => outgoing.destroy());
  });
  return { endpoint: await listen(server), stop: () => close(server) };
}

async function pass(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  date: () => Promise<number | undefined>,
): Promise<void> {
  const { method, headers, url } = incoming;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    incoming.pipe(request(new URL(url ?? '/', target), { method, headers }, resolve).on('error', reject));
  });
  const { date: _, ...rest } = answer.headers;
  const at = await date();
  outgoing.sendDate = false;
  outgoing.writeHead(answer.statusCode ?? 500, {
    ...rest,
    ...(at !== undefined && { date: new Date(at).toUTCString() }),
  });
  answer.pipe(outgoing);
}
