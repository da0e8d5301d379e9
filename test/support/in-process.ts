import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { clientOptions } from './clients.ts';

interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** The SDK's work for the wire or for a log alone: a quarter of the time of a call. */
const needless = [
  'contentLengthMiddleware',
  'getUserAgentMiddleware',
  'hostHeaderMiddleware',
  'loggerMiddleware',
  'recursionDetectionMiddleware',
];

/**
 * A client whose requests a server of this process answers without a socket, and whose signature nobody checks:
 * most of a call's time goes into these two. The client writes and reads the bytes that it would send and get.
 * Answers come in a later turn of the event loop, as from a socket, so that calls made side by side are under way together.
 */
export function inProcess(server: Server, endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient({ ...clientOptions, endpoint, ...settings(server) });
  for (const name of needless) client.middlewareStack.remove(name);
  return client;
}

const unchecked = 'AWS4-HMAC-SHA256 Credential=local, SignedHeaders=host, Signature=0';

function settings(server: Server): Pick<DynamoDBClientConfig, 'requestHandler' | 'signer'> {
  return {
    signer: {
      async sign(request) {
        const signed = request as unknown as Request;
        signed.headers.authorization = unchecked;
        signed.headers['x-amz-date'] = new Date().toISOString();
        return request;
      },
    },
    requestHandler: {
      handle: async (request: Request) => ({ response: await answerOf(server, request) }),
    } as unknown as NonNullable<DynamoDBClientConfig['requestHandler']>,
  };
}

/**
 * Asks a server of this process without the SDK, whose part of a call is the greater one.
 * @param input as the SDK's command takes it
 */
export async function ask(server: Server, operation: string, input: object): Promise<unknown> {
  const headers = {
    authorization: unchecked,
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': new Date().toISOString(),
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  };
  const request = { method: 'POST', path: '/', headers, body: JSON.stringify(input) };
  const { statusCode, body } = await answerOf(server, request);
  if (statusCode !== 200) throw new Error(`${operation}: ${body}`);
  return JSON.parse(body.toString());
}

interface Answer {
  statusCode: number;
  headers: Record<string, string>;
  body: Buffer;
}

function answerOf(server: Server, request: Request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = Object.assign(new EventEmitter(), {
      method: request.method,
      url: request.path,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    });
    const headers: Record<string, string> = { date: new Date().toUTCString() };
    const answer = {
      statusCode: 200,
      setHeader(name: string, value: unknown) {
        headers[name.toLowerCase()] = String(value);
      },
      end(body: string) {
        setImmediate(resolve, { statusCode: answer.statusCode, headers, body: Buffer.from(body) });
      },
    };
    setImmediate(() => {
      // A test that failed may have ended the server while its work goes on: as from a socket, that is the caller's to bear.
      if (!server.listening) reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
      else {
        server.emit('request', asked, answer);
        asked.emit('data', bytesOf(request.body));
        asked.emit('end');
      }
    });
  });
}

/** Without a copy: the SDK gives bytes that warn when they are used as a text. */
function bytesOf(body: string | Uint8Array = ''): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
}
