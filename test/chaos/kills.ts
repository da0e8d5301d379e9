import type { KillPlan, Task } from './task.ts';

/** Every kind of call that each function makes, with how far in it is worth killing. */
const calls: Record<Task['type'], Record<string, number>> = {
  plan: {
    'dynamodb GetItem': 1,
    'dynamodb Query': 12,
    'dynamodb UpdateItem': 12,
    'dynamodb BatchGetItem': 16,
    'dynamodb BatchWriteItem': 16,
    'dynamodb PutItem': 8,
    'sqs SendMessageBatch': 2,
    'events PutEvents': 1,
  },
  requeue: { 'dynamodb Query': 1, 'dynamodb BatchGetItem': 1, 'dynamodb UpdateItem': 8, 'sqs SendMessageBatch': 2 },
  retry: { 'dynamodb Query': 1, 'dynamodb UpdateItem': 6, 'sqs SendMessageBatch': 1 },
  confirm: { 'dynamodb GetItem': 1, 'dynamodb PutItem': 4, 'dynamodb UpdateItem': 1, 'events PutEvents': 1 },
  welcome: {
    'dynamodb GetItem': 2,
    'dynamodb Query': 1,
    'dynamodb PutItem': 2,
    'dynamodb UpdateItem': 2,
    'dynamodb BatchGetItem': 2,
    'dynamodb BatchWriteItem': 1,
    'dynamodb DeleteItem': 1,
    'sqs SendMessageBatch': 1,
  },
  send: {
    'dynamodb UpdateItem': 16,
    'dynamodb GetItem': 4,
    'dynamodb BatchGetItem': 6,
    'ses SendRawEmail': 50,
    'ses GetSendQuota': 1,
    'sqs SendMessage': 1,
  },
  feedback: { 'dynamodb GetItem': 8, 'dynamodb UpdateItem': 12, 'dynamodb PutItem': 12 },
};

const phases = ['before', 'during', 'after'] as const;
const longestDelay = 6;

/** @param random from 0 to 1 */
export function chooseKill(type: Task['type'], random: () => number): KillPlan {
  const [call, most] = pick(Object.entries(calls[type]), random);
  return {
    call,
    nth: 1 + Math.floor(random() ** 2 * most),
    phase: pick(phases, random),
    delay: random() * longestDelay,
  };
}

export function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)] as T;
}

/** Stands in the way of the AWS SDK's calls in a worker: ends the process where the plan says, and loses answers. */
export function createSaboteur(die: () => void) {
  let plan: KillPlan | undefined;
  let losesAnswer = () => false;
  let seen = 0;

  /** The middleware that watches a client of this service. */
  function watch(service: string) {
    return <Args, Output>(next: (args: Args) => Promise<Output>, context: { commandName?: string }) =>
      async (args: Args): Promise<Output> => {
        const call = `${service} ${(context.commandName ?? '').replace(/Command$/, '')}`;
        if (plan?.call === call) {
          seen += 1;
          if (seen === plan.nth) return endDuring(plan, () => next(args));
        }
        const answer = await next(args);
        // The client tries again by itself, with a request that has been fulfilled already. (SES loses its own answers.)
        if (service !== 'ses' && losesAnswer())
          throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        return answer;
      };
  }

  async function endDuring<Output>({ phase, delay }: KillPlan, send: () => Promise<Output>): Promise<Output> {
    if (phase === 'before') die();
    if (phase === 'during') setTimeout(die, delay);
    const answer = send();
    if (phase === 'after') await answer.finally(die);
    return answer;
  }

  return {
    watch,
    /** @param loses whether the answer of a call that has just come is lost */
    arm(next: KillPlan | undefined, loses: () => boolean): void {
      plan = next;
      losesAnswer = loses;
      seen = 0;
    },
  };
}

/** The last step before the wire, for each attempt by itself. */
export const lastStep = { step: 'finalizeRequest', priority: 'low', name: 'chaos' } as const;
