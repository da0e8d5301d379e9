import { minute } from '../platform/durations.ts';
import { clockSpans } from './clock-spans.ts';

/*
 * One zone has many names: browsers say `Asia/Calcutta` or `Asia/Kolkata`, old programs `US/Eastern`, others an offset.
 * Each zone is stored and shown by its present name in IANA's database, so that all readers of a zone share their
 * slots.
 */

/**
 * The runtime's name of a zone and IANA's present name, where the two differ. The runtime (CLDR) keeps the oldest name.
 */
const presentNames: Record<string, string> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

const presentNameOf = (zone: string) => presentNames[zone] ?? zone;

/** `Etc/GMT-3` is three hours ahead of UTC: POSIX reverses the sign. */
const fixedZones = Array.from({ length: 27 }, (_, index) => index - 12)
  .filter(ahead => ahead !== 0)
  .map(ahead => `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`);

const namedZones = [...new Set([...Intl.supportedValuesOf('timeZone').map(presentNameOf), 'UTC'])].sort();

/**
 * Every zone that a reader can choose, by its present name: places in alphabetical order, then fixed offsets from west
 * to east.
 */
export const timeZones: readonly string[] = [...namedZones, ...fixedZones];

const choosable = new Set(timeZones);

/** The runtime's name of a zone by the present one, where the two differ: `Asia/Calcutta` by `Asia/Kolkata`. */
export const olderNames: ReadonlyMap<string, string> = new Map(
  Object.entries(presentNames).map(([old, present]) => [present, old]),
);

const longestName = 64;
/** `+05:30`, `-0300`, `UTC+3`, `GMT-03:00`, `Z`. */
const offsetForm = /^(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?$/i;

/**
 * The present name of a zone. `given` is any of its names, in any case, or its distance from UTC.
 * @returns undefined when there is no such zone
 */
export function findTimeZone(given: string): string | undefined {
  // Nearly every call is for a stored name, and asking Intl takes a tenth of the time of sending a mail.
  if (choosable.has(given)) return given;
  if (given.length > longestName) return undefined;
  const name = given.trim();
  if (/^z$/i.test(name)) return 'UTC';
  const offset = offsetForm.exec(name);
  if (offset) return zoneAhead((offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0)));
  try {
    // Intl turns `etc/gmt-3` into `Etc/GMT-3`.
    const zone = presentNameOf(new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone);
    return choosable.has(zone) ? zone : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The zone that is so many minutes ahead of UTC all year. Fixed zones are whole hours; for others a place is searched.
 */
function zoneAhead(minutes: number): string | undefined {
  if (minutes === 0) return 'UTC';
  if (minutes % 60 === 0) {
    const hours = minutes / 60;
    return fixedZones.find(zone => zone === `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`);
  }
  const [from, until] = [Date.UTC(2026, 0), Date.UTC(2026, 11, 31)];
  return namedZones.find(zone => clockSpans(zone, from, until).every(span => span.offset === minutes * minute));
}
