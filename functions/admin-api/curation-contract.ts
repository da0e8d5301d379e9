import * as z from 'zod';
import { curationChangeSchema } from '../../shared/digests/curation.ts';
import { digestIdSchema, digestPaperSchema, digestSchema, leftOutSchema } from '../../shared/digests/digest.ts';
import { paperIdSchema } from '../../shared/events/ids.ts';
import { defineRoute } from '../../shared/http/route.ts';
import { longestTyped } from '../../shared/subscribers/address.ts';

const params = z.object({ id: digestIdSchema });

export const previewDigest = defineRoute({
  method: 'get',
  path: '/v1/admin/digests/{id}/preview',
  summary: 'A digest as it would be frozen now, or as it was: its papers in order and why, and what is left out',
  params,
  answer: {
    status: 200,
    description: 'The digest',
    schema: digestSchema
      .pick({ id: true, kind: true, date: true, subject: true, note: true, papersOfDay: true })
      .extend({
        frozen: z.boolean(),
        /** Why it has no papers. */
        empty: z.string().optional(),
        papers: z.array(
          digestPaperSchema.pick({ id: true, title: true, upvotes: true, inDaily: true }).extend({
            pinned: z.boolean(),
            /** What it is ranked by, and the same in words; unknown of a frozen one. */
            score: z.number().optional(),
            why: z.string().optional(),
          }),
        ),
        leftOut: z.array(leftOutSchema.extend({ title: z.string().optional() })),
        /** Papers that no mail may hold, and why: they are left out when it is frozen. */
        unfit: z.array(z.object({ id: paperIdSchema, fault: z.string() })).optional(),
        /** Why its mail must not go out, by the preflight: it is halted as soon as it is frozen. Empty when it may. */
        faults: z.array(z.string()),
        /** Bytes of the two parts of its largest mail, that of a reader who wants all its papers. */
        size: z.object({ html: z.int(), text: z.int() }),
      }),
  },
  problems: ['invalid-input'],
});

export const curateDigest = defineRoute({
  method: 'patch',
  path: '/v1/admin/digests/{id}/curation',
  summary:
    'Pin papers to the top of a digest to come, drop some, set the editor’s note; null takes each back. Of a frozen one that is ' +
    'halted or paused papers can be dropped',
  params,
  body: curationChangeSchema,
  answer: {
    status: 200,
    description: 'All that is decided about it now; of the pins, the first is on top',
    schema: z.object({
      id: digestIdSchema,
      note: z.string().optional(),
      pinned: z.array(paperIdSchema),
      dropped: z.array(paperIdSchema),
    }),
  },
  problems: ['invalid-json', 'invalid-input', 'not-found', 'digest-closed'],
});

export const sendTestMail = defineRoute({
  method: 'post',
  path: '/v1/admin/digests/{id}/test-mail',
  summary: 'Mail a digest to oneself, as it is or would be frozen now; it is marked and counted nowhere',
  params,
  body: z.strictObject({ address: z.string().max(longestTyped) }),
  answer: {
    status: 202,
    description: 'It is on its way',
    schema: z.object({ id: digestIdSchema, papers: z.int(), subject: z.string() }),
  },
  problems: ['invalid-json', 'invalid-input', 'not-found', 'unfit-mail', 'too-many-requests'],
});

export const curationRoutes = [previewDigest, curateDigest, sendTestMail] as const;
