const minute = 60_000;
const hour = 60 * minute;

/** How many hours back a planner looks for readers that earlier runs missed. */
const catchUpHours = 3;

/** A set of readers whose mail is due at the same time. */
export interface DueSlot {
  /** `zone#hour`, the key of the index by send hour. */
  slot: string;
  /** When that local hour began, epoch ms. */
  startedAt: number;
  /** Local day of the week on which the mail arrives: 0 is Sunday. */
  weekday: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** Local hour, minute and weekday of an instant (epoch ms) in an IANA zone. */
function localTime(zone: string, at: number): { hour: number; minute: number; weekday: number } {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      hour: 'numeric',
      minute: 'numeric',
      weekday: 'short',
    });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(part => [part.type, part.value]));
  return { hour: Number(parts.hour), minute: Number(parts.minute), weekday: weekdays.indexOf(parts.weekday ?? '') };
}

/**
 * The slots whose local hour it is, and those of the last 3 hours.
 * @param since epoch ms: slots that began before are left out (the digest was not there yet; its readers get the
 *   newest one at their own next hour)
 */
export function dueSlots(zones: string[], now: number, since: number): DueSlot[] {
  const due: DueSlot[] = [];
  for (const zone of zones) {
    for (let back = 0; back <= catchUpHours; back += 1) {
      const at = now - back * hour;
      const local = localTime(zone, at);
      const startedAt = at - (at % minute) - local.minute * minute;
      if (startedAt >= since) due.push({ slot: `${zone}#${local.hour}`, startedAt, weekday: local.weekday });
    }
  }
  return due;
}

/** Every slot there is in these zones, as if it were due now. */
export function allSlots(zones: string[], now: number): DueSlot[] {
  return zones.flatMap(zone =>
    Array.from({ length: 24 }, (_, sendHour) => ({
      slot: `${zone}#${sendHour}`,
      startedAt: now,
      weekday: localTime(zone, now).weekday,
    })),
  );
}
