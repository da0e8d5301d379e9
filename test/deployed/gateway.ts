import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createSigner } from '../../cli/sign.ts';
import { deploymentFile, unfinishedFile } from '../../infra/emulator.ts';

/*
 * The deployed HTTP API behind MiniStack's port. Its name (`<api id>.execute-api.localhost`) is not one that every
 * machine resolves, and `fetch` may not set a Host header, so requests go out by node:http with the Host of the API.
 */

const notDeployed = 'Nothing is deployed here: start MiniStack, then run npm run deploy:emulator.';
const unfinished =
  'The last deployment failed or was broken off, so there is nothing to test: run npm run deploy:emulator until it succeeds.';

interface Outputs {
  'daily-papers-dev-data': { DigestsTableName: string };
  'daily-papers-dev-service': { ApiUrl: string; PublicUrl: string; FeedbackTopicArn: string };
}

/** The outputs of the deployment's stacks. @throws Error when there is none, or the last one failed */
export function readOutputs(): Outputs {
  if (!existsSync(deploymentFile)) throw new Error(existsSync(unfinishedFile) ? unfinished : notDeployed);
  return JSON.parse(readFileSync(deploymentFile, 'utf8'));
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

/** MiniStack's own credentials. */
const sign = createSigner({
  region: 'us-east-1',
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});

/** Calls the deployed API; `path` may carry a query string. */
export async function call(path: string, options: Call = {}): Promise<Answer> {
  const url = new URL(readOutputs()['daily-papers-dev-service'].ApiUrl);
  const body = options.json === undefined ? (options.body ?? '') : JSON.stringify(options.json);
  const method = options.method ?? 'GET';
  const plainHeaders: Record<string, string> = {
    host: url.host,
    ...(options.json !== undefined && { 'content-type': 'application/json' }),
  };
  const toSign = { method, url: new URL(path, url), headers: plainHeaders, body };
  const headers = {
    ...(options.signed ? await sign(toSign, new Date()) : plainHeaders),
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
