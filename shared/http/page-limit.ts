import * as z from 'zod';
import { longestCursor } from '../platform/cursor.ts';

/** What a text of a query says as a whole number; anything else is no number. */
const wholeNumber = (text: unknown) => (/^\d{1,4}$/.test(String(text)) ? Number(text) : text);

/** A page's size in a query, where everything is text. @param most also the default */
export const pageLimit = (most: number) =>
  z
    .preprocess(wholeNumber, z.int('not a whole number').min(1).max(most))
    .default(most)
    .meta({ description: `From 1 to ${most}`, default: most });

/** Where a page begins, in a query. */
export const pageCursor = z
  .string()
  .max(longestCursor)
  .optional()
  .meta({ description: 'The nextCursor of the answer before' });
