import type { IncomingMessage, Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';

/** A Hono app, as far as the gateway knows it. */
export interface WebApp {
  fetch(request: Request, env: object): Response | Promise<Response>;
}

export interface WebApps {
  public: WebApp;
  admin: WebApp;
}

/**
 * What API Gateway is in the cloud: `/v1/admin` goes to the admin app, everything else to the public one.
 * It answers 503 until the apps are there.
 */
export function createGateway(): { server: Server; mount(apps: WebApps): void } {
  let apps: WebApps | undefined;
  const server = createAdaptorServer({
    fetch: (request, env) => {
      if (!apps) return problem(503, 'The system is starting', 'Try again in a moment.');
      const { incoming } = env as { incoming: IncomingMessage };
      const context = { requestContext: { http: { sourceIp: incoming.socket.remoteAddress ?? '' } } };
      if (!/^\/v1\/admin(\/|$)/.test(new URL(request.url).pathname)) return apps.public.fetch(request, context);
      return refuseForeign(incoming) ?? apps.admin.fetch(request, context);
    },
  }) as Server;
  return {
    server,
    mount(mounted) {
      apps = mounted;
    },
  };
}

/**
 * In the cloud only IAM-signed requests reach the admin app. Here everybody on this machine is the operator, but a web
 * page that is open in a browser is not: neither one of another origin, nor one whose name was rebound to 127.0.0.1.
 */
function refuseForeign(incoming: IncomingMessage): Response | undefined {
  const { host = '', origin } = incoming.headers;
  if (origin === undefined && /^(localhost|127\.0\.0\.1)(:\d+)?$/.test(host)) return undefined;
  return problem(
    403,
    'Forbidden',
    'The admin API answers only to programs on this machine, at localhost or 127.0.0.1.',
  );
}

function problem(status: number, title: string, detail: string): Response {
  const headers = { 'content-type': 'application/problem+json' };
  return new Response(JSON.stringify({ type: 'about:blank', title, status, detail }), { status, headers });
}
