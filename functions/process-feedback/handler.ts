import { createEventPublisher } from '../../shared/events/events.ts';
import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { type FeedbackServices, processFeedback } from './process-feedback.ts';

const environment = readEnvironment('process-feedback', ['EVENT_BUS_NAME', 'KEYS_PARAMETER', 'KEYS']);
const keys = await loadKeyRing(environment);
const { consents, ...reported } = createStores(
  { dynamo: createDynamoDB(), ...environment, keys },
  {
    feedback: stores.feedback,
    counter: stores.feedbackCounter,
    digests: stores.digests,
    subscribers: stores.subscribers,
    consents: stores.consents,
  },
);
const services: FeedbackServices = {
  keys,
  ...reported,
  recordConsent: consents.append,
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  limits: haltLimitsSchema.parse({
    leastSent: environment.HALT_LEAST_SENT,
    bounceRate: environment.HALT_BOUNCE_RATE,
    complaintRate: environment.HALT_COMPLAINT_RATE,
    leastBounces: environment.HALT_LEAST_BOUNCES,
    leastComplaints: environment.HALT_LEAST_COMPLAINTS,
    leastDomains: environment.HALT_LEAST_DOMAINS,
  }),
  logger: createLogger('process-feedback'),
  now: Date.now,
};

/** Processes SES's events about mails: sends, deliveries, bounces, complaints and the rest. */
export async function handler(event: unknown) {
  return processFeedback(event, services);
}
