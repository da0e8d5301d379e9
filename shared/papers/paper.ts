import * as z from 'zod';
import { paperIdSchema, sourceNames } from '../events/ids.ts';
import { daySchema } from '../time/day.ts';

/** An address that may stand in a link: sources carry what strangers typed, so never `javascript:` and the like. */
export const webAddressSchema = z.url({ protocol: /^https?$/ }).max(2_000);

/** A count that a source gives. More is no count, and sums of such counts stay whole numbers. */
const count = z.int().nonnegative().max(1_000_000_000);

/** One research paper as it is stored. Texts are the source's own; `shared/papers/text.ts` makes them readable. */
export const paperSchema = z.object({
  id: paperIdSchema,
  title: z.string().min(1).max(1_000),
  abstract: z.string().min(1).max(20_000),
  authors: z.array(z.string().min(1).max(300)).max(5_000),
  /** When version 1 came out; unknown for papers of the page text. */
  publishedAt: z.iso.datetime().optional(),
  /** When the version came out whose texts these are. */
  updatedAt: z.iso.datetime().optional(),
  /** arXiv's version of the texts, from 1 on. */
  version: z.int().positive().max(10_000).optional(),
  /** Its authors withdrew it: it stays readable by its id, and leaves lists. */
  withdrawn: z.boolean().optional(),
  /** The day on which its source featured it. */
  day: daySchema,
  /** Hugging Face's, or what another source says. */
  upvotes: count,
  /** Subscribers who voted for it here; counted from their votes (shared/votes/), never read from a source. */
  votes: count.optional(),
  comments: count.optional(),
  url: webAddressSchema.optional(),
  pdfUrl: webAddressSchema.optional(),
  /** arXiv's, the primary one first. */
  categories: z.array(z.string().min(1).max(100)).max(100),
  keywords: z.array(z.string().min(1).max(300)).max(200),
  sources: z.array(z.enum(sourceNames)).min(1),
  /** One or two sentences by the source's own model. */
  summary: z.string().max(20_000).optional(),
  codeUrl: webAddressSchema.optional(),
  codeStars: count.optional(),
  projectUrl: webAddressSchema.optional(),
  organization: z.string().max(300).optional(),
  thumbnailUrl: webAddressSchema.optional(),
  /** Pictures and videos that its submitter put beside it. */
  mediaUrls: z.array(webAddressSchema).max(100).optional(),
  submittedBy: z.string().max(300).optional(),
  /** What its authors say about it on arXiv: `12 pages, accepted at …`. */
  authorComment: z.string().max(5_000).optional(),
  journalRef: z.string().max(1_000).optional(),
  doi: z.string().max(300).optional(),
  /** A curator took it out of lists, search, feeds and digests to come. */
  hidden: z.boolean().optional(),
  /** Subscribers submitted it, and nobody accepted it yet, or a curator rejected it: no source has featured it. */
  submission: z.enum(['pending', 'rejected']).optional(),
  /** A curator put it first on this day, on which it is listed instead of its own. */
  pinnedDay: daySchema.optional(),
});

export type Paper = z.infer<typeof paperSchema>;

/**
 * A paper as the API gives it: readable text, always an address, and its votes. Texts are as long as cleaning leaves them, so
 * that what was stored can always be shown.
 */
export const shownPaperSchema = paperSchema
  .extend({
    title: z.string(),
    abstract: z.string(),
    authors: z.array(z.string()),
    authorComment: z.string().optional(),
  })
  .required({ url: true, votes: true });

/** Whether lists, search, feeds and new digests may show it. */
export function isListed({
  hidden,
  withdrawn,
  submission,
}: Pick<Paper, 'hidden' | 'withdrawn' | 'submission'>): boolean {
  return !hidden && !withdrawn && !submission;
}

/** Upvotes of everybody, as one number: those of its source and those of our subscribers. */
export function allUpvotes({ upvotes, votes = 0 }: Pick<Paper, 'upvotes' | 'votes'>): number {
  return upvotes + votes;
}
