import * as z from 'zod';
import { hour } from '../platform/durations.ts';
import { addDays, daySchema, hasCountableYear, weekdayOf } from './day.ts';

const weekForm = /^\d{4}-W(0[1-9]|[1-4]\d|5[0-3])$/;

/** An ISO 8601 week, `2026-W48`: from a Monday to a Sunday. */
export const weekSchema = z
  .string()
  .regex(weekForm, 'not a week as in 2026-W48')
  .refine(hasCountableYear, 'not a week of the years 0001 to 9998')
  .refine(isWeek, 'not a week of that year');

/** A month, `2026-11`. */
export const monthSchema = z
  .string()
  .regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'not a month as in 2026-11')
  .refine(hasCountableYear, 'not a month of the years 0001 to 9998');

/** From one day to another. The route says which days stand for absent ones. */
export const dayRangeSchema = z
  .strictObject({ from: daySchema.optional(), to: daySchema.optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    message: 'must not be after to',
  });

/** A text that is not in a week's form passes: its own check reports that. */
function isWeek(name: string): boolean {
  return !weekForm.test(name) || !hasCountableYear(name) || weekOf(firstDayOfWeek(name)) === name;
}

const week = 7;

/** The seven days of an ISO week. */
export function daysOfWeek(name: string): string[] {
  const monday = firstDayOfWeek(name);
  return Array.from({ length: week }, (_, index) => addDays(monday, index));
}

/** The 28 to 31 days of a month. */
export function daysOfMonth(month: string): string[] {
  const days: string[] = [];
  for (let day = `${month}-01`; day.startsWith(month); day = addDays(day, 1)) days.push(day);
  return days;
}

/** The ISO week of a day. The week's Thursday decides the year. */
export function weekOf(day: string): string {
  const thursday = addDays(day, 3 - mondaysBefore(day));
  const ordinal =
    (Date.parse(`${thursday}T00:00:00Z`) - Date.parse(`${thursday.slice(0, 4)}-01-01T00:00:00Z`)) / (24 * hour);
  return `${thursday.slice(0, 4)}-W${String(Math.floor(ordinal / week) + 1).padStart(2, '0')}`;
}

/** The Monday of an ISO week. */
export function firstDayOfWeek(name: string): string {
  // The fourth of January is always in the first week (ISO 8601).
  const fourth = `${name.slice(0, 4)}-01-04`;
  return addDays(fourth, (Number(name.slice(6)) - 1) * week - mondaysBefore(fourth));
}

/** Days since Monday. */
function mondaysBefore(day: string): number {
  return (weekdayOf(day) + 6) % week;
}
