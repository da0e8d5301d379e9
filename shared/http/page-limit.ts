import * as z from 'zod';
import { longestCursor } from '../platform/cursor.ts';

/** The whole number that a text of a query states. Other texts are returned as they are, for the schema to refuse. */
const wholeNumber = (text: unknown) => (/^\d{1,4}$/.test(String(text)) ? Number(text) : text);

/** A page's size in a query, where every value is a text. @param most also the default */
export const pageLimit = (most: number) =>
  z
    .preprocess(wholeNumber, z.int('not a whole number').min(1).max(most))
    .default(most)
    .meta({ description: `From 1 to ${most}`, default: most });

/** The start of a page, in a query. */
export const pageCursor = z
  .string()
  .max(longestCursor)
  .optional()
  .meta({ description: 'The nextCursor of the answer before' });
