import { type LocalHour, mailTimes } from '../digests/mail-time.ts';
import { hour } from '../platform/durations.ts';
import { sendSlotOf } from '../subscribers/preferences.ts';
import { localDay } from '../time/clock-spans.ts';

/**
 * The planner looks this far back for mails that earlier runs missed. A digest is fresh this much longer than its last
 * mail is due.
 */
export const catchUpTime = 4 * hour;

/** The mails of one zone and hour on one local day. */
export interface DueSlot extends LocalHour {
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
