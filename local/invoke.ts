import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { type FunctionName, functions } from '../shared/platform/resources.ts';

/** A Lambda's entry point. */
export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Calls a function and gives its answer. It throws the function's error. */
export type Invoke = (name: FunctionName, event: unknown) => Promise<unknown>;

/** Calls a handler as Lambda does: event and answer pass as JSON, and a missing event becomes an empty object. */
export async function callHandler(handler: Handler, name: FunctionName, event: unknown = {}): Promise<unknown> {
  return throughJson(await handler(throughJson(event), createContext(name)));
}

function throughJson(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

/** The part of Lambda's context that code may rely on, with the function's deployed time limit. */
function createContext(name: FunctionName): Context {
  const deadline = Date.now() + functions[name].timeoutSeconds * 1000;
  return {
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
    memoryLimitInMB: String(functions[name].memoryMegabytes),
    awsRequestId: randomUUID(),
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    // Deprecated, but required by the type.
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
