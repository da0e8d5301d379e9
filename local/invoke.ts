import { randomUUID } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { type FunctionName, functions } from '../shared/platform/resources.ts';

/** A Lambda's entry point. */
export type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Calls a function and gives its answer; throws what it throws. */
export type Invoke = (name: FunctionName, event: unknown) => Promise<unknown>;

/** The part of Lambda's context that code may count on, with the time limit that the function is deployed with. */
export function createContext(name: FunctionName): Context {
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
    // Deprecated, but part of the type.
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}
