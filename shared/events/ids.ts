import * as z from 'zod';

/* The names by which events, tables and routes mean a paper and a source of papers. */

/** `curator`: a person who puts one paper, by its arXiv id or in full. */
export const sourceNames = ['hugging-face', 'arxiv', 'page', 'curator'] as const;
export type SourceName = (typeof sourceNames)[number];

/** arXiv id without version (`2403.08540`, `math/0211159`), else a source-prefixed id (`page:<slug>`). */
export const paperIdSchema = z
  .string()
  .max(200)
  .regex(/^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7}|page:[a-z0-9-]+)$/, 'not a paper id');
