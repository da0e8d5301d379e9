import * as z from 'zod';

/** The stems that a reader's marks prefer, and with weights below 0 those that they avoid, the heaviest first. */
export const tasteSchema = z.array(z.tuple([z.string(), z.number()]));

export type Taste = z.infer<typeof tasteSchema>;
