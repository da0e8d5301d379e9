import type { Digest } from '../digests/digest.ts';
import { dailyIdOf, weeklyIdOf } from '../digests/period.ts';
import { hour } from '../platform/durations.ts';
import { sendSlotOf } from '../subscribers/preferences.ts';
import { localDay } from '../time/clock-spans.ts';
import { addDays, weekdayOf } from '../time/day.ts';
import { weekOf } from '../time/period.ts';
import { daysBehind, mailTimes } from './mail-time.ts';

/**
 * The planner looks this far back for mails that earlier runs missed. A digest is fresh this much longer than its last
 * mail is due.
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

/** The slot's key in the subscribers' index by zone and hour. */
export const slotKey = ({ zone, sendHour }: DueSlot) => sendSlotOf({ timeZone: zone, sendHour });

/** The mails that are due after one instant and until another a few hours later (epoch ms), the earliest first. */
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

/** Every slot of these zones, as if its mail were due now. */
export function allSlots(zones: string[], now: number): DueSlot[] {
  return zones.flatMap(zone =>
    Array.from({ length: 24 }, (_, sendHour) => ({ zone, sendHour, day: localDay(zone, now), dueAt: now })),
  );
}

/** Id of a slot's digest of a kind; undefined when that day has none. */
export function digestIdOf(slot: DueSlot, kind: Digest['kind']): string | undefined {
  if (kind === 'daily') return dailyIdOf(addDays(slot.day, -daysBehind(slot.zone, slot.sendHour, slot.day)));
  // A Monday's weekly is that of the week that ended the day before.
  return weekdayOf(slot.day) === 1 ? weeklyIdOf(weekOf(addDays(slot.day, -1))) : undefined;
}
