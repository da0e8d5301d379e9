import * as z from 'zod';

/** A calendar day, `2026-11-23`. */
export const daySchema = z.iso.date();

/** An address that may stand in a link: sources carry what strangers typed, so never `javascript:` and the like. */
export const webAddressSchema = z.url({ protocol: /^https?$/ });

export const sourceNames = ['hugging-face', 'page'] as const;
export type SourceName = (typeof sourceNames)[number];

/** arXiv id without version (`2403.08540`, `math/0211159`), else a source-prefixed id (`page:<slug>`). */
export const paperIdSchema = z
  .string()
  .max(200)
  .regex(/^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7}|page:[a-z0-9-]+)$/, 'not a paper id');

/** One research paper as it is stored. Texts are the source's own; `shared/papers/text.ts` makes them readable. */
export const paperSchema = z.object({
  id: paperIdSchema,
  title: z.string().min(1).max(1_000),
  abstract: z.string().min(1).max(20_000),
  authors: z.array(z.string().min(1).max(300)).max(5_000),
  /** When version 1 came out; unknown for papers of the page text. */
  publishedAt: z.iso.datetime().optional(),
  /** The day on which its source featured it. */
  day: daySchema,
  upvotes: z.int().nonnegative(),
  comments: z.int().nonnegative().optional(),
  url: webAddressSchema.optional(),
  pdfUrl: webAddressSchema.optional(),
  categories: z.array(z.string()),
  keywords: z.array(z.string()),
  sources: z.array(z.enum(sourceNames)).min(1),
  /** One or two sentences by the source's own model. */
  summary: z.string().optional(),
  codeUrl: webAddressSchema.optional(),
  codeStars: z.int().nonnegative().optional(),
  projectUrl: webAddressSchema.optional(),
  organization: z.string().optional(),
  thumbnailUrl: webAddressSchema.optional(),
  submittedBy: z.string().optional(),
});

export type Paper = z.infer<typeof paperSchema>;
