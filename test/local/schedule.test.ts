import { afterEach, describe, expect, test, vi } from 'vitest';
import { dueBetween, startSchedules } from '../../local/schedule.ts';
import { parseCron } from '../../shared/platform/cron.ts';
import { type ScheduleDefinition, schedules } from '../../shared/platform/resources.ts';

const at = (time: string) => Date.parse(time);

describe('a cron expression', () => {
  test('is due in its minute, in its time zone, in summer as in winter', () => {
    const isDue = parseCron('0 22 * * *', 'America/New_York');
    expect(isDue(at('2026-11-24T03:00:00Z'))).toBe(true);
    expect(isDue(at('2026-11-24T02:00:00Z'))).toBe(false);
    expect(isDue(at('2026-07-02T02:00:00Z'))).toBe(true);
    expect(isDue(at('2026-07-02T02:01:00Z'))).toBe(false);
  });

  test('may list values, and days of week and month', () => {
    const isDue = parseCron('0,30 * * * 1', 'UTC');
    expect(isDue(at('2026-11-23T14:30:00Z'))).toBe(true);
    expect(isDue(at('2026-11-23T14:31:00Z'))).toBe(false);
    expect(isDue(at('2026-11-24T14:30:00Z'))).toBe(false);
    expect(parseCron('0 0 1 1 *', 'UTC')(at('2027-01-01T00:00:00Z'))).toBe(true);
  });

  test.each(['* * * *', '*/5 * * * *', '0 9-17 * * *', 'rate(1 hour)'])('"%s" is refused', cron => {
    expect(() => parseCron(cron, 'UTC')).toThrow('is not five fields');
  });

  test('of every schedule of the system is understood, and due within a day', () => {
    const start = at('2026-11-23T00:00:00Z');
    expect(dueBetween(schedules, start, start + 24 * 3_600_000)).toEqual(schedules);
  });
});

describe('a due schedule', () => {
  const hourly: ScheduleDefinition = {
    target: 'plan-deliveries',
    cron: '0 * * * *',
    timeZone: 'UTC',
    input: { timer: 'hourly' },
  };

  test('is missed in no minute, however late the timer comes', () => {
    expect(dueBetween([hourly], at('2026-11-23T13:59:58Z'), at('2026-11-23T14:02:10Z'))).toEqual([hourly]);
    expect(dueBetween([hourly], at('2026-11-23T13:59:00Z'), at('2026-11-23T14:00:00Z'))).toEqual([hourly]);
  });

  test('is not due twice for the same minute', () => {
    expect(dueBetween([hourly], at('2026-11-23T14:00:00Z'), at('2026-11-23T14:00:59Z'))).toEqual([]);
    expect(dueBetween([hourly], at('2026-11-23T14:00:30Z'), at('2026-11-23T14:01:00Z'))).toEqual([]);
  });

  test('is named once after hours of sleep', () => {
    expect(dueBetween([hourly], at('2026-11-23T08:30:00Z'), at('2026-11-23T14:30:00Z'))).toEqual([hourly]);
  });
});

describe('a timer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('hands its function the input of its schedule', async () => {
    vi.useFakeTimers({ now: at('2026-11-23T00:00:30Z') });
    const calls: unknown[] = [];
    const running = startSchedules(
      schedules,
      async (name, event) => calls.push([name, event]),
      error => calls.push(error),
    );
    await vi.advanceTimersByTimeAsync(24 * 3_600_000);
    await running.stop();
    for (const { target, input } of schedules) expect(calls).toContainEqual([target, input]);
    expect(calls.length).toBeGreaterThan(24 * 4);
  });
});
