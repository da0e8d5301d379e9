import type { Context } from 'aws-lambda';
import { heartbeat, type RecordMetric } from '../platform/metrics.ts';
import type { FunctionName } from '../platform/resources.ts';
import type { Start } from './read.ts';

/**
 * Makes the handler of a function that has a timer. After a successful run by the timer it records the heartbeat. An
 * alarm goes off when the heartbeat is missing for long: the function fails, is not started, or its timer is off.
 */
export function createTimerHandler<Name extends FunctionName, Asked, Result>(
  read: (event: unknown) => Start<Name, Asked>,
  recordMetric: RecordMetric,
  work: (start: Start<Name, Asked>, context: Context) => Promise<Result>,
): (event: unknown, context: Context) => Promise<Result> {
  return async (event, context) => {
    const start = read(event);
    const result = await work(start, context);
    if (start.by === 'timer') recordMetric(heartbeat, 1);
    return result;
  };
}
