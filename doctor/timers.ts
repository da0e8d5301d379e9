import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { GetScheduleCommand, ResourceNotFoundException } from '@aws-sdk/client-scheduler';
import { longestPause } from '../shared/platform/cron.ts';
import { heartbeat } from '../shared/platform/metrics.ts';
import { type Finding, failed, ok, putBack, unknown } from './check.ts';
import type { Clients } from './clients.ts';

const minute = 60_000;
/** Seconds of a metric's period: the times of runs are this exact. */
const period = 300;

/** A timer and its runs. Times in epoch ms. */
export interface TimerState {
  isEnabled: boolean;
  /** Longest time between two runs, milliseconds. */
  every: number;
  /** The time of the last change of the schedule. */
  changedAt: number;
  /** The last run that went well, and the last that failed, both within `silence`. */
  wellAt?: number;
  failedAt?: number;
}

/**
 * Milliseconds in which a run is looked for: those after which the alarm for a silent timer goes off, and CloudWatch's
 * delay.
 */
export const silence = (every: number) => 2 * every + 5 * minute;

/**
 * Reads a timer and its last runs.
 * @param name of its function, which is also the schedule's
 * @returns undefined when there is no such schedule
 */
export async function readTimer(
  { scheduler, cloudWatch }: Clients,
  deployment: string,
  name: string,
  now: number,
): Promise<TimerState | undefined> {
  try {
    const schedule = await scheduler.send(new GetScheduleCommand({ Name: `${deployment}-${name}` }));
    // `cron(45 * * * ? *)`: the year comes last, and a question mark means any day.
    const fields =
      /^cron\((.*)\)$/
        .exec(schedule.ScheduleExpression ?? '')?.[1]
        ?.split(' ')
        .slice(0, 5) ?? [];
    const every = longestPause(fields.join(' ').replace('?', '*'), schedule.ScheduleExpressionTimezone ?? 'UTC');
    return {
      isEnabled: schedule.State === 'ENABLED',
      every,
      changedAt: (schedule.LastModificationDate ?? schedule.CreationDate ?? new Date(0)).getTime(),
      ...(await lastRuns(cloudWatch, deployment, name, now - silence(every), now)),
    };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The last runs: the function measures each that went well, and Lambda counts those that failed. */
async function lastRuns(client: CloudWatchClient, deployment: string, name: string, from: number, until: number) {
  const query = (Id: string, Namespace: string, MetricName: string, dimension: [string, string]): MetricDataQuery => {
    const [Name, Value] = dimension;
    const Metric = { Namespace, MetricName, Dimensions: [{ Name, Value }] };
    return { Id, MetricStat: { Metric, Period: period, Stat: 'Sum' } };
  };
  const { MetricDataResults: results = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [
        query('beats', deployment, heartbeat, ['service', name]),
        query('errors', 'AWS/Lambda', 'Errors', ['FunctionName', `${deployment}-${name}`]),
      ],
      // Whole periods: CloudWatch leaves out a period that begins before the start.
      StartTime: new Date(Math.floor(from / (period * 1000)) * period * 1000),
      EndTime: new Date(until),
      ScanBy: 'TimestampDescending',
    }),
  );
  const [wellAt, failedAt] = ['beats', 'errors'].map(id => {
    const { Timestamps: times = [], Values: values = [] } = results.find(({ Id }) => Id === id) ?? {};
    return times.find((_, at) => (values[at] ?? 0) > 0)?.getTime();
  });
  return { ...(wellAt !== undefined && { wellAt }), ...(failedAt !== undefined && { failedAt }) };
}

/**
 * Whether a timer and its function run.
 * @param name of the function
 * @param isUncounted whether runs are not counted, as in MiniStack
 */
export function judgeTimer(name: string, state: TimerState | undefined, isUncounted: boolean, now: number): Finding {
  if (!state) return failed(`The timer of ${name} is gone.`, putBack);
  const { every, changedAt, wellAt, failedAt } = state;
  if (!state.isEnabled) return failed(`The timer of ${name} is switched off.`, putBack);
  const isOn = `${name}: its timer is on`;
  if (failedAt !== undefined && failedAt > (wellAt ?? 0)) {
    const todo = 'Its log says why: docs/runbook.md, "A function fails".';
    return failed(`${isOn}, but at ${timeText(failedAt)} it failed.`, todo);
  }
  if (wellAt !== undefined) return ok(`${isOn}; its last run, at ${timeText(wellAt)}, went well.`);
  if (isUncounted) return unknown(`${isOn}; MiniStack does not count its runs.`);
  if (now - changedAt < silence(every)) return unknown(`${isOn} since ${timeText(changedAt)}; no run has ended yet.`);
  const minutes = Math.round(silence(every) / minute);
  return failed(`${isOn}, but no run went well for ${minutes} minutes.`, 'See docs/runbook.md, "A timer is silent".');
}

/** `2026-11-23 07:05 UTC` */
export const timeText = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
