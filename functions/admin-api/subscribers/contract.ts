import * as z from 'zod';
import { statementSchema } from '../../../shared/consents/record.ts';
import { pageLimit } from '../../../shared/http/page-limit.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { importRowSchema, importServices, silentServices } from '../../../shared/imports/row.ts';
import { scanParts } from '../../../shared/platform/scan.ts';
import { typedAddressSchema } from '../../../shared/subscribers/address.ts';
import { preferencesSchema, subscriberStatuses } from '../../../shared/subscribers/subscriber.ts';

import { scanCursor, scanPart } from '../scan.ts';

const subscriberIdSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'not a subscriber id');
const importIdSchema = z.string().regex(/^[0-9a-f]{16}$/, 'not an import id');
const time = z.iso.datetime();

const cursor = subscriberIdSchema.optional().meta({ description: 'The nextCursor of the answer before' });

/** Rows or ids a call. So many fit into the time limit of the gateway. */
export const rowsPerCall = 250;

export const listSubscribers = defineRoute({
  method: 'get',
  path: '/v1/admin/subscribers',
  summary:
    'Everybody there is, in the order of their ids; a page may hold fewer than asked for and yet not be the last',
  query: z.strictObject({ status: z.enum(subscriberStatuses).optional(), limit: pageLimit(500), cursor }),
  answer: {
    status: 200,
    description: 'A page of subscribers; the erased ones have an id and nothing else',
    schema: z.object({
      subscribers: z.array(
        z.object({
          id: z.string(),
          email: z.string().optional(),
          status: z.enum(subscriberStatuses),
          statusReason: z.string().optional(),
          createdAt: time.optional(),
          confirmedAt: time.optional(),
          unsubscribedAt: time.optional(),
          preferences: preferencesSchema.optional(),
        }),
      ),
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['invalid-input'],
});

export const importSubscribers = defineRoute({
  method: 'post',
  path: '/v1/admin/subscribers/import',
  summary: 'Import a part of another service’s file; the same part again changes nothing',
  body: z
    .strictObject({
      importId: importIdSchema,
      service: z.enum(importServices),
      startedAt: time,
      dryRun: z.boolean().default(false),
      statement: statementSchema.extend({ confirmedBefore: time }).optional().meta({
        description: 'Your word that all who joined before a time had confirmed, where the service’s file can’t say so',
      }),
      rows: z.array(importRowSchema).min(1).max(rowsPerCall),
    })
    .refine(({ statement, service }) => !statement || silentServices.includes(service), {
      path: ['statement'],
      message: 'the file of this service says itself who confirmed',
    })
    .refine(
      ({ statement, startedAt }) => !statement || Date.parse(statement.confirmedBefore) <= Date.parse(startedAt),
      {
        path: ['statement', 'confirmedBefore'],
        message: 'is still to come',
      },
    ),
  answer: {
    status: 200,
    description: 'What became of each row, or would',
    schema: z.object({
      rows: z.array(
        z.object({
          line: z.int(),
          outcome: z.enum(['created', 'stopped', 'unchanged', 'rejected']),
          status: z.enum(subscriberStatuses).optional(),
          reason: z.string().optional(),
          id: z.string().optional(),
        }),
      ),
    }),
  },
  problems: ['invalid-json', 'invalid-input'],
});

export const undoImport = defineRoute({
  method: 'post',
  path: '/v1/admin/subscribers/import/undo',
  summary: 'Take back what an import created and nobody has changed since',
  body: z.strictObject({ importId: importIdSchema, ids: z.array(subscriberIdSchema).min(1).max(rowsPerCall) }),
  answer: {
    status: 200,
    description: 'How many are gone, and who stays because something was written since',
    schema: z.object({ removed: z.int(), kept: z.array(z.string()) }),
  },
  problems: ['invalid-json', 'invalid-input'],
});

export const eraseSubscriber = defineRoute({
  method: 'post',
  path: '/v1/admin/subscribers/erase',
  summary: 'Erase a subscriber and everything kept about them; again, or for an unknown one, gives the same answer',
  body: z
    .strictObject({ email: typedAddressSchema.optional(), id: subscriberIdSchema.optional() })
    .refine(({ email, id }) => (email === undefined) !== (id === undefined), 'give either email or id'),
  answer: {
    status: 200,
    description: 'Nothing is kept, and no import brings them back',
    schema: z.object({ status: z.literal('erased'), id: z.string() }),
  },
  problems: ['invalid-json', 'invalid-input'],
});

const faults = z.array(z.object({ subscriberId: z.string(), fault: z.string() }));

export const verifyConsents = defineRoute({
  method: 'get',
  path: '/v1/admin/consents/verification',
  summary: `Whether consent records are as they were written, and belong to somebody: in ${scanParts} parts, each page after page`,
  query: z.strictObject({
    part: scanPart,
    limit: pageLimit(500),
    cursor: scanCursor,
  }),
  answer: {
    status: 200,
    description: 'How much was looked at, and every fault; a page without records may not be the last',
    schema: z.object({
      chains: z.int(),
      records: z.int(),
      older: z.int().optional().meta({ description: 'Chains that were closed before digests were keyed' }),
      faults,
      nextCursor: z.string().optional(),
    }),
  },
  problems: ['invalid-input'],
});

export const verifySubscribers = defineRoute({
  method: 'get',
  path: '/v1/admin/subscribers/verification',
  summary: 'Whether everybody has consent records, page after page',
  query: z.strictObject({ limit: pageLimit(500), cursor }),
  answer: {
    status: 200,
    description: 'How many were looked at, and who has none',
    schema: z.object({ subscribers: z.int(), faults, nextCursor: z.string().optional() }),
  },
  problems: ['invalid-input'],
});

export const subscriberRoutes = [
  listSubscribers,
  importSubscribers,
  undoImport,
  eraseSubscriber,
  verifyConsents,
  verifySubscribers,
] as const;
