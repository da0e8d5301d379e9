import type { Context } from 'aws-lambda';
import { heartbeat, type RecordMetric } from '../platform/metrics.ts';
import type { FunctionName } from '../platform/resources.ts';
import type { Start } from './read.ts';

/**
 * Makes the handler of a function that has a timer: reads what started it, does the work and, when it was the timer and went
 * well, says so at the end. When that is not heard for long, an alarm goes off, be it that the function fails, that it is not
 * started, or that its timer was switched off.
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
