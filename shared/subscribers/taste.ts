import * as z from 'zod';

/** The stems that a reader's votes prefer, with weights above 0, the heaviest first. */
export const tasteSchema = z.array(z.tuple([z.string(), z.number().positive()]));

export type Taste = z.infer<typeof tasteSchema>;
