interface HttpRequest {
  method?: string;
  /** With its query. */
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  sourceIp?: string;
  /** The host that it came by: the gateway's own, or a domain that is mapped to it. */
  domainName?: string;
  /** Whether it came by the route of the admin API, which lets signed requests through alone. */
  signed?: boolean;
}

/** The event of an HTTP API for a request (payload 2.0): names of headers in lower case, a form's body in base64. */
export function httpEvent({
  method = 'GET',
  path,
  headers = {},
  body,
  sourceIp = '203.0.113.7',
  domainName = 'abc123.execute-api.eu-west-1.amazonaws.com',
  signed = false,
}: HttpRequest) {
  const [rawPath = '/', rawQueryString = ''] = path.split('?');
  const routeKey = signed ? 'ANY /v1/admin/{proxy+}' : '$default';
  const type = headers['content-type'] ?? '';
  const isText = type.startsWith('text/') || type === 'application/json';
  return {
    version: '2.0',
    routeKey,
    rawPath,
    rawQueryString,
    headers: { host: domainName, 'x-forwarded-for': sourceIp, 'x-forwarded-proto': 'https', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      ...(signed && { authorizer: { iam: { accountId: '123456789012', userId: 'AIDACKCEVSQ6C2EXAMPLE' } } }),
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent: headers['user-agent'] ?? '' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: '27/Nov/2026:15:46:12 +0000',
      timeEpoch: 1_795_794_372_000,
    },
    ...(body !== undefined && { body: isText ? body.toString() : Buffer.from(body as string).toString('base64') }),
    isBase64Encoded: body !== undefined && !isText,
  };
}

/** The result that a function gives back to an HTTP API. */
export interface HttpResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
}

/** The body as the gateway sends it on. */
export function bytesOf({ body, isBase64Encoded }: HttpResult): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}
