import type { IncomingMessage, Server } from 'node:http';

/*
 * Every web page in this machine's browser can reach the loopback address: directly, since some emulators let every
 * origin read their answers, or under a name of its own that now leads to 127.0.0.1 (DNS rebinding). So an emulator
 * answers only local programs and its own page.
 */

/** Whether another web page sends the request: of another origin, or of a rebound name. Browsers report both truly. */
export function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host, 'sec-fetch-site': site = 'none' } = headers;
  return origin !== undefined || !hasOwnName(host) || (site !== 'none' && site !== 'same-origin');
}

function hasOwnName(host = ''): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

/** Whether the request comes from the server's own page, from a program, or from a user who opens a page. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { host = '', origin, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = headers;
  const isOwn = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`;
  // A link on another page may be followed, since that page can't read the answer.
  const isOpened = mode === 'navigate' && headers['sec-fetch-dest'] === 'document' && origin === undefined;
  return hasOwnName(host) && isOwn && (site === 'same-origin' || site === 'none' || isOpened);
}

/**
 * Makes a server answer only local programs, and its own page.
 * @returns the same server
 */
export function guard<Guarded extends Server>(server: Guarded): Guarded {
  const handlers = server.listeners('request') as ((...args: unknown[]) => void)[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (isOwnPage(request)) {
      for (const handler of handlers) handler.call(server, request, response);
      return;
    }
    request.resume();
    response
      .writeHead(403, { 'content-type': 'text/plain; charset=utf-8' })
      .end('This emulator answers to programs on this machine, at localhost or 127.0.0.1, and to no other web page.\n');
  });
  return server;
}
