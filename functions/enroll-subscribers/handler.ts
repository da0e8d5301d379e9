import { setTimeout as sleep } from 'node:timers/promises';
import { createConsentRecorder } from '../../shared/consents/repository.ts';
import { identityVariables, mailIdentity } from '../../shared/email/identity.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { handleMessages } from '../../shared/events/messages.ts';
import { createDynamoDB, createEventBridge, createSES } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { type EnrollServices, enroll } from '../../shared/sign-up/enroll.ts';
import { mailRequestSchema } from '../../shared/sign-up/mail-request.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository } from '../../shared/subscribers/repository.ts';

const environment = readEnvironment([
  'SUBSCRIBERS_TABLE',
  'CONSENTS_TABLE',
  ...identityVariables,
  'CONFIGURATION_SET',
  'EVENT_BUS_NAME',
  'KEYS_PARAMETER',
  'KEYS',
]);
const logger = createLogger('enroll-subscribers');
const keys = await loadKeyRing(environment);
const dynamo = createDynamoDB();
const services: EnrollServices = {
  keys,
  subscribers: createSubscriberRepository(dynamo, environment.SUBSCRIBERS_TABLE),
  recordConsent: createConsentRecorder(dynamo, environment.CONSENTS_TABLE, keys.identity),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  sendMail: createMailSender(createSES(), environment.CONFIGURATION_SET),
  identity: mailIdentity(environment),
  logger,
  now: Date.now,
  sleep,
};

/** Answers queued requests: a confirmation mail, a link, a word to an address that was moved from, or nothing. */
export async function handler(event: unknown) {
  return handleMessages('enroll-subscribers', event, mailRequestSchema, logger, (request, messageId) =>
    enroll(services, request, messageId),
  );
}
