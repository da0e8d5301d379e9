import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { routeThrottles } from '../shared/platform/route-throttles.ts';

/** A route of the HTTP API. */
export interface HttpRoute {
  key: string;
  /** Only for operators: the event names the signer of the request. */
  signed: boolean;
}

const adminPrefix = '/v1/admin/';
const adminRoute: HttpRoute = { key: 'ANY /v1/admin/{proxy+}', signed: true };
const defaultRoute: HttpRoute = { key: '$default', signed: false };

/** The route that API Gateway chooses for a request, as `infra/constructs/http-api.ts` makes them. */
export function routeOf(method: string, path: string): HttpRoute {
  if (path.startsWith(adminPrefix) && path.length > adminPrefix.length) return adminRoute;
  const key = `${method} ${path}`;
  return Object.hasOwn(routeThrottles, key) ? { key, signed: false } : defaultRoute;
}

export interface HttpRequest {
  incoming: IncomingMessage;
  /** As `pathOf` gives it. */
  path: string;
  body: Buffer;
  route: HttpRoute;
}

const account = '000000000000';

/** Types of bodies that API Gateway hands over as text. All others are base64. */
const textTypes = /^(text\/.*|application\/(json|javascript|xml))$/;

/**
 * The path of a request as API Gateway hands it over: every escape but `%25` is decoded.
 * @see https://github.com/honojs/hono/issues/2156
 * @returns undefined when the request names no path
 */
export function pathOf({ url = '' }: IncomingMessage): string | undefined {
  const path = partsOf(url).path;
  if (!path.startsWith('/')) return undefined;
  return path.replace(/(?:%[0-9A-Fa-f]{2})+/g, run =>
    run
      .split(/(%25)/)
      .map(part => (part === '%25' ? part : Buffer.from(part.replaceAll('%', ''), 'hex').toString('utf8')))
      .join(''),
  );
}

/**
 * The event that API Gateway makes of a request: payload format 2.0.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function httpEvent({ incoming, path, body, route }: HttpRequest) {
  const { query } = partsOf(incoming.url ?? '');
  const parameters = queryParameters(query);
  const cookies = cookiesOf(incoming);
  const headers = headersOf(incoming);
  const domainName = hostNameOf(headers.host);
  const now = new Date();
  const isText = textTypes.test(headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? '');
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookies.length > 0 && { cookies }),
    headers,
    ...(parameters && { queryStringParameters: parameters }),
    requestContext: {
      accountId: account,
      apiId: 'local',
      ...(route.signed && { authorizer: { iam: operator } }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: {
        method: incoming.method ?? 'GET',
        path,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp: incoming.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomBytes(11).toString('base64'),
      routeKey: route.key,
      stage: '$default',
      time: gatewayTime(now),
      timeEpoch: now.getTime(),
    },
    ...(route.signed && { pathParameters: { proxy: path.slice(adminPrefix.length) } }),
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The signer of every request on this machine: its user is the operator. */
const operator = {
  accessKey: 'local',
  accountId: account,
  callerId: 'local',
  cognitoIdentity: null,
  principalOrgId: null,
  userArn: `arn:aws:iam::${account}:user/local`,
  userId: 'local',
};

/** Path and query of a request's target. A proxy's client gives it with scheme and host. */
function partsOf(url: string): { path: string; query: string } {
  const [, target = ''] = /^(?:https?:\/\/[^/?#]*)?([^#]*)/i.exec(url) ?? [];
  const mark = target.indexOf('?');
  return mark < 0 ? { path: target, query: '' } : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Values of a repeated parameter are joined by a comma. The raw query string has each. */
function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(values);
}

function cookiesOf(incoming: IncomingMessage): string[] {
  const lines = incoming.headersDistinct.cookie ?? [];
  return lines.flatMap(line => line.split(';')).flatMap(cookie => cookie.trim() || []);
}

/** Names in lower case; values of a repeated header joined by a comma; without cookies. */
function headersOf(incoming: IncomingMessage): Record<string, string> {
  const { cookie: _, ...distinct } = incoming.headersDistinct;
  const { remoteAddress = '', localPort } = incoming.socket;
  const headers = Object.fromEntries(Object.entries(distinct).map(([name, values = []]) => [name, values.join(',')]));
  const forwarded = headers['x-forwarded-for'];
  return {
    ...headers,
    'x-amzn-trace-id': `Root=1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`,
    'x-forwarded-for': forwarded ? `${forwarded}, ${remoteAddress}` : remoteAddress,
    'x-forwarded-port': String(localPort),
    'x-forwarded-proto': 'http',
  };
}

function hostNameOf(host = ''): string {
  return /^[a-z0-9.-]+(?=(:\d+)?$)/i.exec(host)?.[0] ?? '127.0.0.1';
}

/** `27/Nov/2026:15:46:12 +0000` */
function gatewayTime(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(' ');
  return `${day}/${month}/${year}:${time} +0000`;
}
