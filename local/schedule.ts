import { parseCron } from '../shared/platform/cron.ts';
import { minute } from '../shared/platform/durations.ts';
import type { ScheduleDefinition } from '../shared/platform/resources.ts';
import type { Invoke } from './invoke.ts';

/**
 * The schedules due in the minutes after `after`, up to and including that of `until` (epoch ms). Each is named once,
 * however many of its minutes have passed: after the laptop slept, one run is enough.
 */
export function dueBetween(all: readonly ScheduleDefinition[], after: number, until: number): ScheduleDefinition[] {
  const minutes: number[] = [];
  for (let at = (Math.floor(after / minute) + 1) * minute; at <= until; at += minute) minutes.push(at);
  return all.filter(schedule => {
    const isDue = parseCron(schedule.cron, schedule.timeZone);
    return minutes.some(isDue);
  });
}

/** Sleep (milliseconds) after which missed runs are left out: every schedule is due again within a day. */
const longestGap = 24 * 60 * minute;

/** Starts functions by their schedules. A function never runs twice at once. */
export function startSchedules(all: readonly ScheduleDefinition[], invoke: Invoke, onError: (message: string) => void) {
  const queues = new Map<string, Promise<void>>();
  let checked = Date.now();
  let timer: NodeJS.Timeout;

  function start({ target, input }: ScheduleDefinition): void {
    const previous = queues.get(target) ?? Promise.resolve();
    const run = previous
      .then(() => invoke(target, input))
      .then(
        () => undefined,
        error => onError(`${target}, started by its schedule, failed. ${error}`),
      );
    queues.set(target, run);
  }

  function check(): void {
    const now = Date.now();
    for (const schedule of dueBetween(all, Math.max(checked, now - longestGap), now)) start(schedule);
    checked = now;
    wait();
  }

  function wait(): void {
    timer = setTimeout(check, minute - (Date.now() % minute));
  }

  wait();
  return {
    /** Starts no more runs, and waits for the running ones. */
    async stop(): Promise<void> {
      clearTimeout(timer);
      await Promise.all(queues.values());
    },
  };
}
