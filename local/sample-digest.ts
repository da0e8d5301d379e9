import type { Digest } from '../shared/digests/digest.ts';
import { hour } from '../shared/platform/durations.ts';

/**
 * A frozen digest of one paper, for tests and for the chaos run.
 * @param publishedAt epoch milliseconds
 */
export function sampleDigest(date: string, publishedAt: number): Digest {
  return {
    id: `daily-${date}`,
    kind: 'daily',
    date,
    status: 'ready',
    subject: 'A paper',
    papersOfDay: 1,
    papers: [
      {
        id: '2611.00001',
        title: 'A paper',
        lead: 'It says something.',
        authors: ['A. Author'],
        moreAuthors: 0,
        upvotes: 1,
        url: 'https://arxiv.org/abs/2611.00001',
      },
    ],
    publishedAt,
    freshUntil: publishedAt + 27 * hour,
  };
}
