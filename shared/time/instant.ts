import * as z from 'zod';

/** The end of the year 9999: a later instant has no ISO date of the usual form, and `Date` ends some time after it. */
const latest = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A stored time, epoch milliseconds, for which every calculation and text can be made. */
export const instantSchema = z.int().min(0).max(latest);
