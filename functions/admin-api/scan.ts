import * as z from 'zod';
import { Problem } from '../../shared/http/problem.ts';
import { cursorOf } from '../../shared/platform/cursor.ts';
import { itemKeySchema, scanParts } from '../../shared/platform/scan.ts';

/* Routes that go through a whole table share this: the table's parts, and a cursor in each. */

/** The key of an item as a cursor. */
export const itemCursor = cursorOf(itemKeySchema);

export const scanCursor = z
  .string()
  .max(4_000)
  .transform((text, context) => itemCursor.read(text) ?? invalidCursor(context))
  .optional()
  .meta({ type: 'string', description: 'The nextCursor of the answer before, for the same part' });

/** A part, in a query. */
export const scanPart = z
  .string()
  .regex(/^\d{1,2}$/, 'not a whole number')
  .transform(Number)
  .pipe(z.int().max(scanParts - 1))
  .meta({ description: `From 0 to ${scanParts - 1}` });

function invalidCursor(context: z.RefinementCtx): never {
  context.addIssue({ code: 'custom', message: 'not a cursor' });
  return z.NEVER;
}

/** DynamoDB refuses the cursor of another part as a key. @throws Problem for such a cursor, else the error itself */
export function refuseCursor(error: unknown): never {
  if ((error as Error).name !== 'ValidationException') throw error;
  throw new Problem('invalid-input', 'The cursor is of another part.', [
    { path: 'cursor', message: 'of another part' },
  ]);
}
