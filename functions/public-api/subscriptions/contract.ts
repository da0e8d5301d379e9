import * as z from 'zod';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { defineRoute } from '../../../shared/http/route.ts';
import { typedAddressSchema } from '../../../shared/subscribers/address.ts';
import {
  preferencesChangeSchema,
  preferencesSchema,
  signUpPreferencesSchema,
} from '../../../shared/subscribers/preferences.ts';
import { leaveReasons, subscriberStatuses } from '../../../shared/subscribers/subscriber.ts';

const token = z.strictObject({ token: z.string().min(1).max(400) });

const bodyProblems = ['invalid-json', 'invalid-input'] as const;

export const subscribe = defineRoute({
  method: 'post',
  path: '/v1/subscriptions',
  summary: 'Ask for the daily mail; a confirmation link goes to the address',
  body: z.strictObject({
    email: typedAddressSchema,
    preferences: signUpPreferencesSchema.prefault({}),
    honeypot: z.string().max(1_000).optional().meta({
      description:
        'A field of your form that people don’t see. A program that fills it gets the usual answer, and no mail.',
    }),
  }),
  answer: {
    status: 202,
    description: 'The same for every valid address, known or not',
    schema: z.object({
      status: z.literal('confirmation_sent'),
      didYouMean: z.string().optional().meta({
        description: 'Set when the domain looks like a slip of a well-known one: the address that was probably meant',
      }),
    }),
  },
  problems: [...bodyProblems, 'too-many-requests'],
});

export const requestLink = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/link',
  summary:
    'Ask for a link, which goes to the address: to one’s preferences, or, when one left or never confirmed, to what is kept',
  body: z.strictObject({ email: typedAddressSchema }),
  answer: {
    status: 202,
    description: 'The same for every valid address, known or not',
    schema: z.object({ status: z.literal('link_sent') }),
  },
  problems: [...bodyProblems, 'too-many-requests'],
});

export const confirm = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/confirm',
  summary: 'Confirm a subscription with the token of the mailed link; again gives the same answer',
  body: token,
  answer: {
    status: 200,
    description: 'The subscription is active',
    schema: z.object({ status: z.literal('active') }),
  },
  problems: ['invalid-json', 'invalid-input', 'invalid-token'],
});

export const takeBack = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/take-back',
  summary: 'Take a subscription back that has moved to another address; again gives the same answer',
  body: token,
  answer: {
    status: 200,
    description: 'The subscription is active at the old address, and has ended at the new one',
    schema: z.object({ status: z.literal('active') }),
  },
  problems: ['invalid-json', 'invalid-input', 'invalid-token'],
});

export const unsubscribe = defineRoute({
  method: 'post',
  path: '/v1/subscriptions/unsubscribe',
  summary: 'End a subscription at once with the token of a mailed link; again gives the same answer',
  body: token.extend({ reason: z.enum(leaveReasons).optional().meta({ description: 'Why, if they care to say' }) }),
  answer: {
    status: 200,
    description: 'No further digest is sent',
    schema: z.object({ status: z.literal('unsubscribed') }),
  },
  problems: ['invalid-json', 'invalid-input', 'invalid-token'],
});

const ownSubscription = z.object({
  email: z.string(),
  status: z.enum(subscriberStatuses),
  preferences: preferencesSchema,
});

export const getOwnSubscription = defineRoute({
  method: 'get',
  path: '/v1/subscriptions/me',
  summary: 'My subscription and its preferences',
  bearer: ['manage'],
  answer: { status: 200, description: 'The subscription of the token’s owner', schema: ownSubscription },
  problems: ['unauthorized'],
});

export const changeOwnSubscription = defineRoute({
  method: 'patch',
  path: '/v1/subscriptions/me',
  summary: 'Change my preferences, or move to another address',
  bearer: ['manage'],
  body: z.strictObject({
    email: typedAddressSchema.optional().meta({
      description: 'The new address. It gets a confirmation mail; the old one stays until that is confirmed.',
    }),
    preferences: preferencesChangeSchema.optional().meta({
      description: 'What is missing stays; null takes minScore or pausedUntil away',
    }),
  }),
  answer: { status: 200, description: 'The subscription as it is now', schema: ownSubscription },
  alsoAnswers: [{ status: 202, description: 'The same, and a confirmation mail goes to the new address' }],
  problems: [...bodyProblems, 'unauthorized', 'not-subscribed', 'too-many-requests'],
});

const notAbout = {
  path: '/v1/papers/{id}/not-about',
  holdsSlashes: true,
  bearer: ['manage'],
  params: z.object({ id: paperIdSchema }),
  query: z.strictObject({
    topic: z.string().min(1).max(80).meta({ description: 'One of my topics, without what it leaves out' }),
  }),
  answer: {
    status: 200,
    description: 'How the topic stands; the same again changes nothing',
    schema: z.object({
      paperId: paperIdSchema,
      topic: z.string(),
      narrowed: z.boolean().meta({ description: 'Whether the topic leaves this paper out' }),
      words: z
        .string()
        .optional()
        .meta({ description: 'The words by which it leaves the paper out, or would; missing when there are none' }),
      entry: z
        .string()
        .meta({ description: 'The topic as it stands in the preferences: `history -"update histories"`' }),
    }),
  },
  problems: ['invalid-input', 'unauthorized', 'not-subscribed', 'not-found'],
} as const;

export const showNarrowing = defineRoute({
  method: 'get',
  summary: 'The words of a paper that made it match one of my topics',
  ...notAbout,
});
export const narrowTopic = defineRoute({
  method: 'post',
  summary: 'Not about this: papers with those words do not match the topic any more',
  ...notAbout,
});
export const widenTopic = defineRoute({ method: 'delete', summary: 'Take that back', ...notAbout });
