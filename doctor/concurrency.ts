import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  type LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { mailsPerConsumer } from '../infra/concurrency.ts';
import { type FunctionName, queues, schedules } from '../shared/platform/resources.ts';
import { type Finding, failed, ok, putBack, warning } from './check.ts';

/** A function that works off a queue. */
export interface Consumer {
  name: FunctionName;
  /** `Enabled`, or another state of Lambda's; undefined when no queue feeds the function. */
  state: string | undefined;
  /** Executions at once, at most; undefined without such a limit. */
  most: number | undefined;
}

/** The executions of the account that functions may use. */
export interface Concurrency {
  /** Executions at once of all functions in the account. */
  limit: number;
  /** Executions reserved for public-api; undefined when there are none. */
  reservedForPages: number | undefined;
}

/** The consumers of the stage's queues. */
export async function readConsumers(lambda: LambdaClient, deployment: string): Promise<Consumer[]> {
  return Promise.all(
    Object.values(queues).map(async ({ consumer: name }) => {
      const FunctionName = `${deployment}-${name}`;
      const [{ EventSourceMappings: mappings = [] }, { ReservedConcurrentExecutions: reserved }] = await Promise.all([
        lambda.send(new ListEventSourceMappingsCommand({ FunctionName })),
        lambda.send(new GetFunctionConcurrencyCommand({ FunctionName })),
      ]);
      const most = [mappings[0]?.ScalingConfig?.MaximumConcurrency, reserved].filter(limit => limit !== undefined);
      return { name, state: mappings[0]?.State, most: most.length > 0 ? Math.min(...most) : undefined };
    }),
  );
}

/**
 * Mails a second that the stage's senders can send. One sender is not counted, since each waits for its time to send.
 */
export function rateOfSenders(consumers: Consumer[]): number {
  const { most } = consumers.find(({ name }) => name === 'send-digest') ?? {};
  return most === undefined ? Number.POSITIVE_INFINITY : (most - 1) * mailsPerConsumer;
}

/** The account's limit, and the executions that the stage reserves of it. */
export async function readConcurrency(lambda: LambdaClient, deployment: string): Promise<Concurrency> {
  const [settings, pages] = await Promise.all([
    lambda.send(new GetAccountSettingsCommand({})),
    lambda.send(new GetFunctionConcurrencyCommand({ FunctionName: `${deployment}-public-api` })),
  ]);
  return {
    limit: settings.AccountLimit?.ConcurrentExecutions ?? 0,
    reservedForPages: pages.ReservedConcurrentExecutions,
  };
}

/** Whether every queue is worked off. */
export function judgeConsumers(consumers: Consumer[]): Finding {
  const idle = consumers.filter(({ state }) => !['Enabled', 'Enabling', 'Creating', 'Updating'].includes(state ?? ''));
  if (idle.length === 0) return ok('Every queue is worked off by its function.');
  const names = idle.map(({ name, state }) => `${name} (${state ?? 'no event source mapping'})`).join(', ');
  return failed(`Queues are not worked off, by ${names}.`, putBack);
}

/** Whether the queues' consumers could use all executions of the account, so that the unsubscribe page gets none. */
export function judgeConcurrency({ limit, reservedForPages }: Concurrency, consumers: Consumer[]): Finding {
  const todo =
    'Ask for a higher limit: Service Quotas, AWS Lambda, Concurrent executions. An account begins with 10, and 1,000 cost nothing.';
  const unlimited = consumers.filter(({ most }) => most === undefined);
  if (unlimited.length > 0 && !reservedForPages) {
    return warning(`${unlimited.map(({ name }) => name).join(', ')} may take every execution of the account.`, putBack);
  }
  const queued = consumers.reduce((sum, { most = 0 }) => sum + most, 0);
  const left = limit - queued;
  const says = `The account may run ${limit} functions at once, and the queues of this stage take up to ${queued} of them`;
  if (reservedForPages) return ok(`${says}; ${reservedForPages} are kept for pages and the API.`);
  if (left <= 0) return failed(`${says}: pages, and unsubscribing, can find none left.`, todo);
  const timers = new Set(schedules.map(({ target }) => target)).size;
  if (left <= timers) return warning(`${says}: ${left} are left for pages, the API and ${timers} timers.`, todo);
  return ok(`${says}: ${left} are left for pages, the API and ${timers} timers.`);
}
