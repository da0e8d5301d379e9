import * as z from 'zod';

/** An arXiv id without version (`2403.08540`, `math/0211159`), or an id with the source's prefix (`page:<slug>`). */
export const paperIdSchema = z
  .string()
  .max(200)
  .regex(/^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7}|page:[a-z0-9-]+)$/, 'not a paper id');
