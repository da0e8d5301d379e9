import * as z from 'zod';

/* The ids of papers and the names of sources, as events, tables and routes use them. */

/** `curator`: a person who adds single papers, by arXiv id or with all fields. */
export const sourceNames = ['hugging-face', 'arxiv', 'page', 'curator'] as const;
export type SourceName = (typeof sourceNames)[number];

/** An arXiv id without version (`2403.08540`, `math/0211159`), or an id with the source's prefix (`page:<slug>`). */
export const paperIdSchema = z
  .string()
  .max(200)
  .regex(/^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7}|page:[a-z0-9-]+)$/, 'not a paper id');
