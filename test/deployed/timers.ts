import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
  ResourceNotFoundException,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { until } from '../support/until.ts';

/*
 * The timers of the deployed stack, as AWS's own API shows them. Nobody can wait an hour for one: a copy of its schedule,
 * with the very same target and input, is due at once, and the emulator's scheduler fires that. The emulator differs from
 * AWS in two things: it reads times of day in UTC, also where a schedule names a time zone, and it does not try a target again.
 */

/** Seconds until the emulator's scheduler has come round, and until a function has ended. */
const patience = { fired: 40, ended: 90 };

export interface Timer {
  schedule: GetScheduleCommandOutput;
  /** `ingest-papers` */
  name: string;
}

export function createTimers(stackPrefix: string) {
  const scheduler = new SchedulerClient({});
  const lambda = new LambdaClient({});
  const logs = new CloudWatchLogsClient({});

  /** The log of a function since an instant, once an invocation has ended after it. */
  async function logOf(functionName: string, since: number): Promise<string | undefined> {
    const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName }));
    const logGroupName = LoggingConfig?.LogGroup ?? '';
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, startTime: since }));
    const text = events.map(event => event.message?.trim()).join('\n');
    return /^END RequestId/m.test(text) ? text : undefined;
  }

  async function hasFired(name: string): Promise<boolean> {
    try {
      await scheduler.send(new GetScheduleCommand({ Name: name }));
      return false;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return true;
      throw error;
    }
  }

  return {
    /** All that there are. */
    async list(): Promise<Timer[]> {
      const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ NamePrefix: stackPrefix }));
      const all = Schedules.map(({ Name }) => scheduler.send(new GetScheduleCommand({ Name })));
      return (await Promise.all(all)).map(schedule => ({
        schedule,
        name: schedule.Name?.slice(stackPrefix.length) ?? '',
      }));
    },

    /** Lets a timer rest, or go on. */
    async enable({ schedule }: Timer, enabled: boolean): Promise<void> {
      const { $metadata: _, Arn: __, CreationDate: ___, LastModificationDate: ____, ...same } = schedule;
      const { Name, ScheduleExpression, FlexibleTimeWindow, Target } = same;
      const State = enabled ? 'ENABLED' : 'DISABLED';
      await scheduler.send(
        new UpdateScheduleCommand({ ...same, Name, ScheduleExpression, FlexibleTimeWindow, Target, State }),
      );
    },

    /**
     * Has the emulator's scheduler fire a timer now, and waits until its function has ended.
     * @returns what the function has logged
     */
    async fire({ schedule, name }: Timer): Promise<string> {
      const { FlexibleTimeWindow, Target } = schedule;
      const began = Date.now();
      const Name = `${schedule.Name}-${began}`;
      const ScheduleExpression = `at(${new Date(began).toISOString().slice(0, 19)})`;
      await scheduler.send(
        new CreateScheduleCommand({
          Name,
          ScheduleExpression,
          FlexibleTimeWindow,
          Target,
          ActionAfterCompletion: 'DELETE',
        }),
      );
      await until(`the timer ${name} was not fired`, () => hasFired(Name), patience.fired);
      const functionName = Target?.Arn?.split(':')[6] ?? '';
      const text = await until(`${functionName} did not end`, () => logOf(functionName, began), patience.ended);
      const seconds = ((Date.now() - began) / 1000).toFixed(1);
      process.stdout.write(`Timer ${name}, with ${Target?.Input}: ${functionName} ended after ${seconds} s.\n`);
      return text;
    },
  };
}
