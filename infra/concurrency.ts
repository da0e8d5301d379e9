import type { QueueName } from '../shared/platform/resources.ts';
import type { Stage } from './stages.ts';

/** Mails a second that one sender works off, and one consumer of SES's events about them (docs/deliveries.md). */
export const mailsPerConsumer = 50;

/**
 * Invocations of each queue's consumer at once, at most. There is one sender more than the rate needs, since each waits
 * for its own time to send. The sum leaves executions for the API and the timers: a new account has 10.
 */
export function consumersAtOnce(stage: Pick<Stage, 'sendRate' | 'rateShare'>): Record<QueueName, number> {
  const byRate = 1 + Math.ceil((stage.sendRate * stage.rateShare) / mailsPerConsumer);
  // An event source mapping takes 2 or more. Two sign-up consumers work on 20 requests side by side.
  return { signups: 2, batches: byRate, feedback: byRate };
}
