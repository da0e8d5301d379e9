import type { IncomingMessage, Server } from 'node:http';

/*
 * What listens on the loopback address is reached by every web page in this machine's browser: by its address, as some emulators let
 * any origin read their answers, or under a name of the page's own that now leads to 127.0.0.1 (DNS rebinding). So an emulator answers
 * our own processes, and its own page, alone.
 */

/** Whether a web page asks: one of another origin, or one whose name was rebound. A browser names both, and no page can say else. */
export function isForeign({ headers }: IncomingMessage): boolean {
  const { origin, host, 'sec-fetch-site': site = 'none' } = headers;
  return origin !== undefined || !hasOwnName(host) || (site !== 'none' && site !== 'same-origin');
}

function hasOwnName(host = ''): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host);
}

/** Whether the page asks that the server itself gave, or a person who opens it. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  const { host = '', origin, 'sec-fetch-site': site = 'none', 'sec-fetch-mode': mode } = headers;
  const isOwn = origin === undefined || origin.toLowerCase() === `http://${host.toLowerCase()}`;
  // A link on another page may be followed; nothing of what it opens can be read by that page.
  const isOpened = mode === 'navigate' && headers['sec-fetch-dest'] === 'document' && origin === undefined;
  return hasOwnName(host) && isOwn && (site === 'same-origin' || site === 'none' || isOpened);
}

/**
 * Has a server answer this machine's own processes alone, and a page that it gives itself.
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
