import { expect, test } from 'vitest';
import { allSlots, dueSlots, slotKey } from '../../shared/deliveries/slots.ts';
import { digestIdOf } from '../../shared/digests/mail-time.ts';

const hour = 3_600_000;
const at = (time: string) => Date.parse(`2026-11-${time}Z`);

test('mails are due after an instant and until another one, the earliest first', () => {
  const due = dueSlots(['Asia/Kathmandu', 'UTC'], at('23T05:00:00'), at('23T07:00:30'));
  expect(due.map(slot => [slotKey(slot), slot.day, slot.dueAt])).toEqual([
    ['Asia/Kathmandu#11', '2026-11-23', at('23T05:15:00')],
    ['UTC#6', '2026-11-23', at('23T06:00:00')],
    ['Asia/Kathmandu#12', '2026-11-23', at('23T06:15:00')],
    ['UTC#7', '2026-11-23', at('23T07:00:00')],
  ]);
});

test('over a day of runs, each slot of a zone is due once', () => {
  const seen: string[] = [];
  for (let now = at('23T00:07:00'); now < at('24T00:07:00'); now += hour) {
    seen.push(...dueSlots(['Asia/Kolkata'], now - hour, now).map(slotKey));
  }
  expect(seen).toHaveLength(24);
  expect(new Set(seen).size).toBe(24);
});

test('an hour that comes twice is due once', () => {
  const night = dueSlots(['Europe/Berlin'], Date.parse('2026-10-24T23:30:00Z'), Date.parse('2026-10-25T02:30:00Z'));
  expect(night.map(slotKey)).toEqual(['Europe/Berlin#2', 'Europe/Berlin#3']);
});

test('everybody means 24 slots a zone', () => {
  expect(allSlots(['UTC', 'Asia/Tokyo'], 0)).toHaveLength(48);
});

test('the mail of a Monday brings the week that ended, and every mail a daily', () => {
  const slot = { zone: 'Pacific/Kiritimati', sendHour: 0, day: '2026-11-30', dueAt: at('29T10:00:00') };
  expect(digestIdOf(slot, 'weekly')).toBe('weekly-2026-W48');
  expect(digestIdOf(slot, 'daily')).toBe('daily-2026-11-28');
  const tuesday = { zone: 'UTC', sendHour: 7, day: '2026-12-01', dueAt: Date.parse('2026-12-01T07:00:00Z') };
  expect(digestIdOf(tuesday, 'weekly')).toBeUndefined();
  expect(digestIdOf(tuesday, 'daily')).toBe('daily-2026-11-30');
});
