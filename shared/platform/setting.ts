import * as z from 'zod';
import type { FunctionName } from './resources.ts';

/** A setting of a stage that functions read. */
export interface Setting {
  /** The stage's option. */
  option: string;
  /** Schema of the option's value, with the stage's own default. */
  schema: z.ZodType;
  /** Schema of the variable's text, with the default. */
  variable: z.ZodType;
  /** The functions that read the variable. */
  readBy: readonly FunctionName[];
  /** The description of the option, as `npm run deploy` says it. */
  about: string;
}

/** A least of 1. */
export const most = z.coerce.number().int().min(1);
/** Above 0 and at most 1. */
export const rate = z.coerce.number().positive().max(1);

const shareSentence = 'must be above 0 and at most 1: 0.25 for a quarter';
export const share = z.coerce
  .number({ error: shareSentence })
  .positive({ error: shareSentence })
  .max(1, { error: shareSentence });
