import type { Context } from 'hono';
import type { RequestOrigin } from '../subscribers/consents.ts';

/** What the gateway adds to a request, on AWS and in `local/`. */
interface GatewayBindings {
  requestContext?: { http?: { sourceIp?: string } };
}

/** Where a request came from: the IP as the gateway saw it (never a header, which anyone can write) and the browser. */
export function originOf(c: Context): RequestOrigin {
  const { requestContext } = (c.env ?? {}) as GatewayBindings;
  const ip = requestContext?.http?.sourceIp;
  const userAgent = c.req.header('user-agent')?.slice(0, 512);
  return { ...(ip && { ip }), ...(userAgent && { userAgent }) };
}
