import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';

/*
 * The deployed HTTP API behind MiniStack's port. Its name (`<api id>.execute-api.localhost`) is not one that every
 * machine resolves, and `fetch` may not set a Host header, so requests go out by node:http with the Host of the API.
 */

const notDeployed = 'Nothing is deployed here: start MiniStack, then run npm run deploy:emulator.';

interface Outputs {
  'daily-papers-dev-service': { ApiUrl: string; EventBusName: string };
}

function readOutputs(): Outputs {
  try {
    return JSON.parse(readFileSync(new URL('../../cdk.out/emulator.json', import.meta.url), 'utf8'));
  } catch {
    throw new Error(notDeployed);
  }
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

export interface Call {
  method?: 'GET' | 'POST' | 'DELETE' | 'OPTIONS';
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  body?: string;
  headers?: Record<string, string>;
  /** With IAM credentials, as the admin routes ask. */
  signed?: boolean;
}

/** AWS Signature Version 4 for a path without query string. */
function sign(method: string, path: string, host: string, body: string, now: Date): Record<string, string> {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = [time.slice(0, 8), 'us-east-1', 'execute-api', 'aws4_request'];
  const canonical = [method, path, '', `host:${host}`, `x-amz-date:${time}`, '', 'host;x-amz-date', sha256(body)];
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical.join('\n'))].join('\n');
  const signature = hmac(scope.reduce<string | Buffer>(hmac, 'AWS4test'), toSign).toString('hex');
  return {
    'x-amz-date': time,
    authorization: `AWS4-HMAC-SHA256 Credential=test/${scope.join('/')}, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  };
}

/** Calls the deployed API; `path` may carry a query string. */
export async function call(path: string, options: Call = {}): Promise<Answer> {
  const url = new URL(readOutputs()['daily-papers-dev-service'].ApiUrl);
  const body = options.json === undefined ? (options.body ?? '') : JSON.stringify(options.json);
  const method = options.method ?? 'GET';
  const headers = {
    host: url.host,
    ...(options.json !== undefined && { 'content-type': 'application/json' }),
    ...(options.signed && sign(method, path, url.host, body, new Date())),
    ...(body && { 'content-length': String(Buffer.byteLength(body)) }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: url.port, method, path, headers }, answer => {
      let text = '';
      answer.setEncoding('utf8').on('data', chunk => {
        text += chunk;
      });
      answer.on('end', () => {
        // Every path of a deployed API leads to a function, so this 404 is MiniStack's own: it was started anew.
        if (text === '{"message": "Not Found"}') reject(new Error(notDeployed));
        else resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    sent.on('error', () => reject(new Error(notDeployed)));
    sent.end(body);
  });
}
