import * as z from 'zod';
import { type Paper, paperSchema } from '../paper.ts';
import { slugOf } from './slug.ts';

/**
 * A paper that a curator enters in full. Missing fields are unknown. Without an id, the paper gets one made of its
 * title.
 */
export const curatedPaperSchema = z.strictObject({
  ...paperSchema
    .omit({
      id: true,
      day: true,
      sources: true,
      upvotes: true,
      votes: true,
      hidden: true,
      submission: true,
      pinnedDay: true,
    })
    .partial().shape,
  id: paperSchema.shape.id.optional(),
  title: paperSchema.shape.title,
  abstract: paperSchema.shape.abstract,
  day: paperSchema.shape.day.optional(),
});

export type CuratedPaper = z.infer<typeof curatedPaperSchema>;

/** A curator's paper, as a reading. @param day for a paper that states none */
export function curatedPaper(curated: CuratedPaper, day: string): Paper {
  const { authors = [], categories = [], keywords = [] } = curated;
  const id = curated.id ?? `page:${slugOf(curated.title)}`;
  return { ...curated, day: curated.day ?? day, id, authors, categories, keywords, upvotes: 0, sources: ['curator'] };
}

/**
 * An arXiv paper that a curator chose. Its texts come from arXiv, also those of later versions; its day is the
 * curator's.
 */
export function chosenPaper(paper: Paper, day: string): Paper {
  return { ...paper, day, sources: ['arxiv', 'curator'] };
}
