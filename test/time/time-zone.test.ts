import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  preferencesChangeSchema,
  preferencesSchema,
  signUpPreferencesSchema,
} from '../../shared/subscribers/preferences.ts';
import { findTimeZone, olderNames, timeZones } from '../../shared/time/time-zone.ts';

describe('the names of one zone', () => {
  test.each([
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['asia/calcutta', 'Asia/Kolkata'],
    ['America/Nuuk', 'America/Nuuk'],
    ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['US/Eastern', 'America/New_York'],
    [' Europe/Berlin\n', 'Europe/Berlin'],
    ['Etc/GMT-3', 'Etc/GMT-3'],
    ['etc/gmt+12', 'Etc/GMT+12'],
    ['Etc/UTC', 'UTC'],
    ['GMT', 'UTC'],
    ['Z', 'UTC'],
    ['+00:00', 'UTC'],
    ['+03:00', 'Etc/GMT-3'],
    ['-0300', 'Etc/GMT+3'],
    ['UTC+3', 'Etc/GMT-3'],
    ['GMT-11', 'Etc/GMT+11'],
    ['+05:30', 'Asia/Colombo'],
    ['+05:45', 'Asia/Kathmandu'],
  ])('%j is %s', (given, present) => {
    expect(findTimeZone(given)).toBe(present);
    expect(preferencesSchema.parse({ timeZone: given }).timeZone).toBe(present);
  });

  test.each([
    'Mars/Base',
    '',
    '+15:00',
    '-13:00',
    '+05:17',
    '+99',
    'Etc/GMT-15',
    'Factory',
    '__proto__',
    'x'.repeat(65),
  ])('%j is none', given => {
    expect(findTimeZone(given)).toBeUndefined();
    expect(preferencesChangeSchema.safeParse({ timeZone: given }).success).toBe(false);
  });

  test('those that can be chosen are each their own present name, and known to the runtime', () => {
    expect(new Set(timeZones).size).toBe(timeZones.length);
    for (const zone of timeZones) {
      expect(findTimeZone(zone)).toBe(zone);
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
    }
  });

  test('none that the runtime knows is missing, and no old one is shown', () => {
    const shown = new Set(timeZones);
    for (const zone of Intl.supportedValuesOf('timeZone')) expect(shown.has(findTimeZone(zone) ?? '')).toBe(true);
    for (const [present, old] of olderNames) expect([shown.has(present), shown.has(old)]).toEqual([true, false]);
  });

  test('any text ends in a zone that can be chosen, or in none', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(UTC|GMT)?[+-]\d{1,2}:?(\d{2})?$/)), given => {
        const zone = findTimeZone(given);
        return zone === undefined || timeZones.includes(zone);
      }),
    );
  });
});

test('a zone that is not known costs nobody the sign-up, nor anything else that was chosen', () => {
  expect(signUpPreferencesSchema.parse({ timeZone: 'Mars/Base', sendHour: 18 })).toMatchObject({
    timeZone: 'UTC',
    sendHour: 18,
  });
});
