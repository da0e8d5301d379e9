import * as z from 'zod';
import { type Paper, paperSchema } from '../paper.ts';
import { slugOf } from './slug.ts';

/** A paper that a curator puts in full; what is left out is not known. Without an id it gets one of its title. */
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

/** The reading of a paper that a curator gave in full. @param day when it doesn't say its own */
export function curatedPaper(curated: CuratedPaper, day: string): Paper {
  const { authors = [], categories = [], keywords = [] } = curated;
  const id = curated.id ?? `page:${slugOf(curated.title)}`;
  return { ...curated, day: curated.day ?? day, id, authors, categories, keywords, upvotes: 0, sources: ['curator'] };
}

/** A paper of arXiv that a curator chose: arXiv's words, also of later versions, listed on the curator's day. */
export function chosenPaper(paper: Paper, day: string): Paper {
  return { ...paper, day, sources: ['arxiv', 'curator'] };
}
