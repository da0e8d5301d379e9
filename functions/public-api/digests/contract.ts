import * as z from 'zod';
import { archiveIdSchema, archiveKinds, digestPaperSchema, digestSchema } from '../../../shared/digests/digest.ts';
import { briefly } from '../../../shared/http/caching.ts';
import { pageCursor, pageLimit } from '../../../shared/http/page-limit.ts';
import { defineRoute } from '../../../shared/http/route.ts';

const digestSummary = digestSchema
  .pick({ id: true, kind: true, date: true, subject: true })
  .extend({ papers: z.int(), publishedAt: z.iso.datetime() });

export const listDigests = defineRoute({
  method: 'get',
  path: '/v1/digests',
  summary: 'The public archive, newest first',
  publicSeconds: briefly,
  query: z.strictObject({
    kind: z.enum(archiveKinds).optional().meta({ description: 'Only the dailies, or only the weeklies' }),
    limit: pageLimit(100),
    cursor: pageCursor,
  }),
  answer: {
    status: 200,
    description: 'The digests',
    schema: z.object({ digests: z.array(digestSummary), nextCursor: z.string().optional() }),
  },
  problems: ['invalid-input'],
});

export const getDigest = defineRoute({
  method: 'get',
  path: '/v1/digests/{id}',
  summary: 'One digest of the archive',
  publicSeconds: briefly,
  params: z.object({ id: archiveIdSchema }),
  answer: {
    status: 200,
    description: 'The digest with its papers, best first',
    schema: digestSummary.extend({ papers: z.array(digestPaperSchema) }),
  },
  problems: ['invalid-input', 'not-found'],
});
