import type { SQSEvent } from 'aws-lambda';
import { processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { seededRandom } from '../../local/ses/faults.ts';
import { batchMessageSchema } from '../../shared/deliveries/batch.ts';
import { requeueBatches } from '../../shared/deliveries/plan-digest.ts';
import { planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { runPlanning } from '../../shared/deliveries/planning-run.ts';
import { retryDeliveries } from '../../shared/deliveries/retry.ts';
import { sendBatch } from '../../shared/deliveries/send.ts';
import { createWelcome } from '../../shared/deliveries/welcome.ts';
import { eventSchemas } from '../../shared/events/events.ts';
import { confirmSubscription } from '../../shared/sign-up/service.ts';
import { createSaboteur } from './kills.ts';
import type { Press } from './newcomers.ts';
import { sabotaged, sabotagedPlanner } from './sabotage.ts';
import { createServices } from './services.ts';
import type { Answer, Order, Sabotage, Task } from './task.ts';

/*
 * A sandbox as Lambda has them: it runs the product's own functions over the product's own AWS clients, one invocation
 * after the other, until it is killed.
 */

let offset = 0;
const saboteur = createSaboteur(() => process.kill(process.pid, 'SIGKILL'));
const services = createServices(saboteur, () => Date.now() + offset);
const sabotage = process.env.CHAOS_SABOTAGE as Sabotage | undefined;
const sender = sabotaged(services.sender, sabotage);
const planner = sabotagedPlanner(services.planner, sabotage);
const welcome = createWelcome(planner);
/** Seconds, as in the function's handler. */
const waits = { later: 30, parked: 900 } as const;

/** @returns the ids of the messages that failed */
async function work(task: Task, remaining: () => number): Promise<string[]> {
  switch (task.type) {
    case 'plan':
      if (task.everybody) await planForEverybody(planner, task.digestId, remaining);
      else await runPlanning(planner, welcome, remaining);
      return [];
    case 'confirm':
      for (const { body } of task.messages) {
        const { token, at = services.now() } = JSON.parse(body) as Press;
        await confirmSubscription(services.confirm, token, { at, by: 'page', origin: {} });
      }
      return [];
    case 'welcome':
      for (const { body } of task.messages) {
        await welcome(eventSchemas['subscriber.confirmed'].parse(JSON.parse(body)).subscriberId);
      }
      return [];
    case 'requeue':
      await requeueBatches(planner, task.digestId, 0);
      return [];
    case 'retry':
      await retryDeliveries(planner, { digestId: task.digestId, state: 'failed' });
      return [];
    case 'send':
      for (const { body } of task.messages) {
        const message = batchMessageSchema.parse(JSON.parse(body));
        const result = await sendBatch(sender, message, remaining);
        if (result === 'later' || result === 'parked') await services.enqueueLater(message, waits[result]);
      }
      return [];
    case 'feedback': {
      const records = task.messages.map(({ id, body }) => ({ eventSource: 'aws:sqs', messageId: id, body }));
      const answer = await processFeedback({ Records: records } as SQSEvent, services.feedback);
      return answer.batchItemFailures.map(failure => failure.itemIdentifier);
    }
  }
}

process.on('message', async (order: Order) => {
  offset = order.offset;
  const random = seededRandom(order.seed);
  saboteur.arm(order.kill, () => random() < order.lostAnswers);
  let answer: Answer;
  try {
    answer = { ok: true, failed: await work(order.task, () => order.deadline - Date.now()) };
  } catch (error) {
    answer = { ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  saboteur.arm(undefined, () => false);
  process.send?.(answer);
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
