import { expect, test } from '@jest/globals';
import { allSlots, dueSlots } from '../../shared/deliveries/slots.ts';

const hour = 3_600_000;

test('a zone is due for its local hour and the three before, each with its beginning', () => {
  const now = Date.UTC(2026, 10, 23, 7, 10, 30);
  const due = dueSlots(['UTC'], now, 0);
  expect(due.map(slot => slot.slot)).toEqual(['UTC#7', 'UTC#6', 'UTC#5', 'UTC#4']);
  expect(due[0]).toEqual({ slot: 'UTC#7', startedAt: Date.UTC(2026, 10, 23, 7), weekday: 1 });
});

test('hours that began before the digest was there are left for the next day', () => {
  const now = Date.UTC(2026, 10, 23, 7, 10);
  const due = dueSlots(['UTC'], now, Date.UTC(2026, 10, 23, 5, 30));
  expect(due.map(slot => slot.slot)).toEqual(['UTC#7', 'UTC#6']);
});

test('zones on quarter hours begin their hours there', () => {
  const now = Date.UTC(2026, 10, 23, 1, 20);
  const due = dueSlots(['Asia/Kathmandu'], now, 0);
  expect(due[0]).toEqual({ slot: 'Asia/Kathmandu#7', startedAt: Date.UTC(2026, 10, 23, 1, 15), weekday: 1 });
});

test('over a day of hourly runs, every slot of a zone is due', () => {
  const seen = new Set<string>();
  for (let at = 0; at < 24; at += 1) {
    for (const { slot } of dueSlots(['Asia/Tokyo'], Date.UTC(2026, 10, 23) + at * hour, 0)) seen.add(slot);
  }
  expect(seen.size).toBe(24);
});

test('everybody means 24 slots a zone', () => {
  expect(allSlots(['UTC', 'Asia/Tokyo'], 0)).toHaveLength(48);
});
