import { randomBytes } from 'node:crypto';
import { createConsentRecorder } from '../../shared/consents/repository.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createFeedbackCounter } from '../../shared/feedback/count-repository.ts';
import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { createLedger } from '../../shared/feedback/ledger.ts';
import { createFeedbackRepository } from '../../shared/feedback/repository.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';
import { type FeedbackServices, processFeedback } from './process-feedback.ts';

const environment = readEnvironment([
  'SUBSCRIBERS_TABLE',
  'CONSENTS_TABLE',
  'DIGESTS_TABLE',
  'DELIVERIES_TABLE',
  'EVENT_BUS_NAME',
  'HALT_LEAST_SENT',
  'HALT_BOUNCE_RATE',
  'HALT_COMPLAINT_RATE',
  'HALT_LEAST_BOUNCES',
  'HALT_LEAST_COMPLAINTS',
  'HALT_LEAST_DOMAINS',
  'KEYS_PARAMETER',
  'KEYS',
]);
const keys = await loadKeyRing(environment);
const dynamo = createDynamoDB();
const services: FeedbackServices = {
  keys,
  feedback: createFeedbackRepository(dynamo, environment.DELIVERIES_TABLE),
  counter: createFeedbackCounter(dynamo, environment.DIGESTS_TABLE),
  ledger: createLedger(() => randomBytes(9).toString('base64url')),
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
  recordConsent: createConsentRecorder(dynamo, environment.CONSENTS_TABLE, keys.identity),
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

/** Takes in what SES reports about messages: sends, deliveries, bounces, complaints and the rest. */
export async function handler(event: unknown) {
  return processFeedback(event, services);
}
