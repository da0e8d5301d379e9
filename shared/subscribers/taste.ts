import * as z from 'zod';

/** What a reader likes, as learned from their votes: stems with weights above 0, the heaviest first. */
export const tasteSchema = z.array(z.tuple([z.string(), z.number().positive()]));

export type Taste = z.infer<typeof tasteSchema>;
