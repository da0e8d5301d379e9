import * as z from 'zod';
import { longestCursor } from '../platform/cursor.ts';

/** A page's size in a query, where everything is text. @param most also the default */
export const pageLimit = (most: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, 'not a whole number')
    .transform(Number)
    .pipe(z.int().min(1).max(most))
    .default(most)
    .meta({ description: `From 1 to ${most}` });

/** Where a page begins, in a query. */
export const pageCursor = z
  .string()
  .max(longestCursor)
  .optional()
  .meta({ description: 'The nextCursor of the answer before' });
