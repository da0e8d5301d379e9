import * as z from 'zod';
import { deliveryStates } from '../../../shared/deliveries/delivery.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { preferencesSchema, subscriberStatuses } from '../../../shared/subscribers/subscriber.ts';

const time = z.iso.datetime();
const marked = z.object({ paperId: z.string(), at: time });
const reported = z.object({ event: z.string(), at: time.optional() }).loose();

export const exportOwnData = defineRoute({
  method: 'get',
  path: '/v1/subscriptions/me/export',
  summary: 'Everything that is kept about me',
  bearer: ['manage', 'data'],
  answer: {
    status: 200,
    description: 'All of it, as stored',
    schema: z.object({
      exportedAt: time,
      subscriber: z
        .object({
          id: z.string().meta({ description: 'A keyed hash of the address' }),
          email: z.string(),
          status: z.enum(subscriberStatuses),
          createdAt: time,
          confirmedAt: time.optional(),
          unsubscribedAt: time.optional(),
        })
        .loose(),
      preferences: preferencesSchema,
      consents: z.array(
        z.object({ at: time.optional(), action: z.string(), by: z.string(), wording: z.string() }).loose(),
      ),
      deliveries: z.array(
        z.object({
          digest: z.string(),
          state: z.enum(deliveryStates).optional().meta({ description: 'Missing when only feedback is kept' }),
          reason: z.string().optional(),
          messageId: z.string().optional(),
          feedback: z.array(reported),
        }),
      ),
      otherMails: z.array(reported).meta({ description: 'What was reported about mails of no digest' }),
      votes: z.array(marked).meta({ description: 'Papers I voted for' }),
      saved: z.array(marked).meta({ description: 'Papers I saved' }),
      unwanted: z.array(marked).meta({ description: 'Papers like which I want less' }),
      submissions: z.array(marked).meta({ description: 'Papers I submitted' }),
      taste: z
        .array(z.object({ stem: z.string(), weight: z.number() }))
        .optional()
        .meta({
          description:
            'What was learned from my votes, and from papers like which I want less: words, and how much each counts',
        }),
      lastDeliveredAt: time.optional(),
    }),
  },
  problems: ['unauthorized'],
});

export const eraseOwnData = defineRoute({
  method: 'delete',
  path: '/v1/subscriptions/me',
  summary: 'Erase my subscription and everything kept about me; again gives the same answer',
  bearer: ['manage', 'data'],
  answer: { status: 200, description: 'It is erased', schema: z.object({ status: z.literal('erased') }) },
  problems: ['unauthorized'],
});
