import * as z from 'zod';
import { paperIdSchema } from '../events/ids.ts';
import { sourceNames } from '../events/sources.ts';
import { daySchema } from '../time/day.ts';
import type { ShownTexts } from './shown.ts';

/**
 * An address that may stand in a link. Sources carry text of strangers, so only http and https are allowed, never
 * `javascript:`.
 */
export const webAddressSchema = z.url({ protocol: /^https?$/ }).max(2_000);

/** A count that a source gives, limited so that sums of counts are exact whole numbers. */
const count = z.int().nonnegative().max(1_000_000_000);

/** Most places of a source's list. */
export const mostPlaces = 9_999;

/** One research paper as it is stored. Texts are the source's own; `shared/papers/shown.ts` has the readable ones. */
export const paperSchema = z.object({
  id: paperIdSchema,
  title: z.string().min(1).max(1_000),
  abstract: z.string().min(1).max(20_000),
  authors: z.array(z.string().min(1).max(300)).max(5_000),
  /** The date of version 1; unknown for papers of the page text. */
  publishedAt: z.iso.datetime().optional(),
  /** The date of the version whose texts these are. */
  updatedAt: z.iso.datetime().optional(),
  /** arXiv's version of the texts, from 1 on. */
  version: z.int().positive().max(10_000).optional(),
  /** Its authors withdrew it: it is still shown by its id, but not in lists. */
  withdrawn: z.boolean().optional(),
  /** The day on which the source featured it. */
  day: daySchema,
  /** From Hugging Face, or another source. */
  upvotes: count,
  /** Votes of our subscribers, counted in shared/votes/, never read from a source. */
  votes: count.optional(),
  comments: count.optional(),
  url: webAddressSchema.optional(),
  pdfUrl: webAddressSchema.optional(),
  /** arXiv's categories, the primary one first. */
  categories: z.array(z.string().min(1).max(100)).max(100),
  /** Its place, from 1 on, in a list that its source has in an order of its own, and the day of that list. */
  sourcePlace: z.object({ day: daySchema, place: z.int().positive().max(mostPlaces) }).optional(),
  keywords: z.array(z.string().min(1).max(300)).max(200),
  sources: z.array(z.enum(sourceNames)).min(1),
  /** One or two sentences, written by the source's model. */
  summary: z.string().max(20_000).optional(),
  codeUrl: webAddressSchema.optional(),
  codeStars: count.optional(),
  projectUrl: webAddressSchema.optional(),
  organization: z.string().max(300).optional(),
  thumbnailUrl: webAddressSchema.optional(),
  /** Pictures and videos that the submitter added. */
  mediaUrls: z.array(webAddressSchema).max(100).optional(),
  submittedBy: z.string().max(300).optional(),
  /** The authors' comment on arXiv: `12 pages, accepted at …`. */
  authorComment: z.string().max(5_000).optional(),
  journalRef: z.string().max(1_000).optional(),
  doi: z.string().max(300).optional(),
  /** A curator removed it from lists, search, feeds and future digests. */
  hidden: z.boolean().optional(),
  /**
   * `pending`: a subscriber submitted it, and it is not accepted yet; `rejected`: a curator rejected it. No source has
   * featured it.
   */
  submission: z.enum(['pending', 'rejected']).optional(),
  /** A curator pinned it to this day. It is listed there, first, instead of on its own day. */
  pinnedDay: daySchema.optional(),
});

export type Paper = z.infer<typeof paperSchema> & {
  /** The readable texts, as they were worked out when it was stored. No source gives them, and storing replaces them. */
  shown?: ShownTexts | undefined;
};

/** The part of a paper that decides whether it is listed, and its place. */
export const listedPaperSchema = paperSchema.pick({
  id: true,
  day: true,
  pinnedDay: true,
  publishedAt: true,
  upvotes: true,
  votes: true,
  comments: true,
  codeStars: true,
  categories: true,
  sourcePlace: true,
  hidden: true,
  withdrawn: true,
  submission: true,
});

export type ListedPaper = z.infer<typeof listedPaperSchema>;

/** A paper as the API gives it. Its texts have no limits of length, so that every stored paper can be shown. */
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

/** The source's upvotes and our subscribers' votes together. */
export function allUpvotes({ upvotes, votes = 0 }: Pick<Paper, 'upvotes' | 'votes'>): number {
  return upvotes + votes;
}
