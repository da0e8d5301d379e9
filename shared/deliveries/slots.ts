import type { Digest } from '../digests/digest.ts';
import { dailyIdOf, weeklyIdOf } from '../digests/period.ts';
import { hour } from '../platform/durations.ts';
import { sendSlotOf } from '../subscribers/preferences.ts';
import { localDay } from '../time/clock-spans.ts';
import { addDays, weekdayOf } from '../time/day.ts';
import { weekOf } from '../time/period.ts';
import { daysBehind, mailTimes } from './mail-time.ts';

/**
 * How far back a planner looks for mails that earlier runs missed: three hourly runs may fail and the fourth be late. A
 * digest is fresh for so much longer than the latest of its mails is due.
 */
export const catchUpTime = 4 * hour;

/** The mails of one zone and hour on one local day. */
export interface DueSlot {
  zone: string;
  sendHour: number;
  /** The local day, `2026-11-23`. */
  day: string;
  /** Epoch ms. */
  dueAt: number;
}

/** Key of the index by send hour. */
export const slotKey = ({ zone, sendHour }: DueSlot) => sendSlotOf({ timeZone: zone, sendHour });

/** The mails that are due after an instant and until another one, a few hours later (epoch ms); the earliest first. */
export function dueSlots(zones: string[], after: number, until: number): DueSlot[] {
  const due: DueSlot[] = [];
  for (const zone of zones) {
    for (const day of new Set([localDay(zone, after), localDay(zone, until)])) {
      for (const [sendHour, dueAt] of mailTimes(zone, day).entries()) {
        if (dueAt !== undefined && dueAt > after && dueAt <= until) due.push({ zone, sendHour, day, dueAt });
      }
    }
  }
  return due.sort((a, b) => a.dueAt - b.dueAt);
}

/** Every slot there is in these zones, as if its mail were due now. */
export function allSlots(zones: string[], now: number): DueSlot[] {
  return zones.flatMap(zone =>
    Array.from({ length: 24 }, (_, sendHour) => ({ zone, sendHour, day: localDay(zone, now), dueAt: now })),
  );
}

/** Id of the digest of a kind that a slot's mail brings; undefined when none does on that day. */
export function digestIdOf(slot: DueSlot, kind: Digest['kind']): string | undefined {
  if (kind === 'daily') return dailyIdOf(addDays(slot.day, -daysBehind(slot.zone, slot.sendHour, slot.day)));
  // On Monday, the week that ended the day before.
  return weekdayOf(slot.day) === 1 ? weeklyIdOf(weekOf(addDays(slot.day, -1))) : undefined;
}
