import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetScheduleCommand, ResourceNotFoundException } from '@aws-sdk/client-scheduler';
import { type Finding, failed, ok, putBack, unknown } from './check.ts';
import type { Clients } from './clients.ts';

const minute = 60_000;
const hour = 60 * minute;
/** What a run may be late by (EventBridge Scheduler tries for half an hour), and CloudWatch with its counts. */
const grace = 35 * minute;
/** Seconds of a metric's period: a run is known to so much. */
const period = 300;

/** What is known of a timer and of the function that it starts. Times in epoch ms. */
export interface TimerState {
  isEnabled: boolean;
  /** Longest time between two runs, milliseconds. */
  every: number;
  /** Since when it is as it is. */
  changedAt: number;
  /** When the function began last, and whether that ended in an error; undefined when it didn't within `every`. */
  last?: { at: number; hasFailed: boolean };
}

/** The longest time between two runs of `cron(minute hour day month weekday year)`, milliseconds. */
export function longestPause(expression: string): number {
  const fields = /^cron\((.*)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  const [minutes = '*', hours = '*', day = '*', month = '*', weekday = '?'] = fields;
  const isAny = (field: string) => field === '*' || field === '?';
  if (!isAny(month)) return 366 * 24 * hour;
  if (!isAny(day)) return 31 * 24 * hour;
  if (!isAny(weekday)) return 7 * 24 * hour;
  // Clocks that are put back make a day longer.
  if (!isAny(hours)) return 25 * hour;
  if (isAny(minutes)) return minute;
  const times = minutes
    .split(',')
    .map(Number)
    .sort((a, b) => a - b);
  const pauses = times.map((time, at) => (times[at + 1] ?? (times[0] ?? 0) + 60) - time);
  return Math.max(...pauses) * minute;
}

/**
 * Asks for a timer and its function's last run, which may have been for another reason than the timer.
 * @returns undefined when there is no such schedule
 */
export async function readTimer(
  { scheduler, cloudWatch }: Clients,
  name: string,
  now: number,
): Promise<TimerState | undefined> {
  try {
    const schedule = await scheduler.send(new GetScheduleCommand({ Name: name }));
    const every = longestPause(schedule.ScheduleExpression ?? '');
    const FunctionName = schedule.Target?.Arn?.split(':').pop() ?? name;
    const last = await lastRun(cloudWatch, FunctionName, now - every - grace, now);
    return {
      isEnabled: schedule.State === 'ENABLED',
      every,
      changedAt: (schedule.LastModificationDate ?? schedule.CreationDate ?? new Date(0)).getTime(),
      ...(last && { last }),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

async function lastRun(
  client: CloudWatchClient,
  FunctionName: string,
  from: number,
  until: number,
): Promise<TimerState['last']> {
  const query = (Id: string, MetricName: string): MetricDataQuery => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: FunctionName }] },
      Period: period,
      Stat: 'Sum',
    },
  });
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [query('runs', 'Invocations'), query('errors', 'Errors')],
      // Whole periods: CloudWatch leaves out one that begins before the start.
      StartTime: new Date(Math.floor(from / (period * 1000)) * period * 1000),
      EndTime: new Date(until),
      ScanBy: 'TimestampDescending',
    }),
  );
  const [runs, errors] = ['runs', 'errors'].map(id => {
    const { Timestamps: times = [], Values: values = [] } = results.find(({ Id }) => Id === id) ?? {};
    return new Map(times.map((time, at) => [time.getTime(), values[at] ?? 0]));
  });
  const last = [...(runs ?? [])].find(([, count]) => count > 0);
  return last && { at: last[0], hasFailed: (errors?.get(last[0]) ?? 0) >= last[1] };
}

/**
 * Whether a timer runs, and its function with it.
 * @param name of the function
 * @param isCounted whether runs are counted at all
 */
export function judgeTimer(name: string, state: TimerState | undefined, isCounted: boolean, now: number): Finding {
  if (!state) return failed(`The timer of ${name} is gone.`, putBack);
  const { every, last } = state;
  if (!state.isEnabled) {
    return failed(`The timer of ${name} is switched off.`, putBack);
  }
  const isOn = `${name}: its timer is on`;
  if (last?.hasFailed) {
    return failed(
      `${isOn}, but at ${timeText(last.at)} it failed.`,
      'Its log says why: docs/runbook.md, "A function fails".',
    );
  }
  if (last) return ok(`${isOn}; it last ran at ${timeText(last.at)}.`);
  if (!isCounted) return unknown(`${isOn}; MiniStack does not count its runs.`);
  if (now - state.changedAt < every + grace) {
    return unknown(`${isOn}; it has not run yet since it was deployed at ${timeText(state.changedAt)}.`);
  }
  return failed(
    `${isOn}, but it has not run for ${Math.round((every + grace) / minute)} minutes.`,
    'See docs/runbook.md, "A timer did not reach its function".',
  );
}

/** `2026-11-23 07:05 UTC` */
export const timeText = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
