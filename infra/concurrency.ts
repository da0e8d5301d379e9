import type { QueueName } from '../shared/platform/resources.ts';
import type { Stage } from './stages.ts';

/** Mails a second that one sender, and one consumer of what SES reports about them, keeps up with (docs/deliveries.md). */
export const mailsPerConsumer = 50;

/**
 * Most invocations of each queue's consumer at once. There is one sender more than the rate takes, as each waits for its
 * own time to send. The sum must leave room in the account for the API and the timers: new accounts run 10 functions at once.
 */
export function consumersAtOnce(stage: Pick<Stage, 'sendRate' | 'rateShare'>): Record<QueueName, number> {
  const byRate = 1 + Math.ceil((stage.sendRate * stage.rateShare) / mailsPerConsumer);
  // An event source mapping takes 2 or more. Two sign-up consumers work on 20 requests side by side.
  return { signups: 2, batches: byRate, feedback: byRate };
}
