import { setTimeout as sleep } from 'node:timers/promises';
import { createTitleReader } from '../../shared/digests/newest-titles.ts';
import { mailIdentity } from '../../shared/email/identity.ts';
import { createMailSender } from '../../shared/email/ses.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { handleMessages } from '../../shared/events/messages.ts';
import { createDynamoDB, createEventBridge, createSES } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { type EnrollServices, enroll } from '../../shared/sign-up/enroll.ts';
import { mailRequestSchema } from '../../shared/sign-up/mail-request.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { loadKeyRing } from '../../shared/subscribers/keys.ts';

const environment = readEnvironment('enroll-subscribers', [
  'CONFIGURATION_SET',
  'DATA_CONFIGURATION_SET',
  'EVENT_BUS_NAME',
  'KEYS_PARAMETER',
  'KEYS',
  'PUBLIC_URL',
]);
const logger = createLogger('enroll-subscribers');
const keys = await loadKeyRing(environment);
const { subscribers, consents, digests } = createStores(
  { dynamo: createDynamoDB(), ...environment, keys },
  { subscribers: stores.subscribers, consents: stores.consents, digests: stores.digests },
);
const services: Omit<EnrollServices, 'readTitles'> = {
  keys,
  subscribers,
  recordConsent: consents.append,
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  sendMail: createMailSender(createSES(), environment.CONFIGURATION_SET, { data: environment.DATA_CONFIGURATION_SET }),
  identity: mailIdentity(environment),
  logger,
  now: Date.now,
  sleep,
};

/** Answers queued requests: by a confirmation mail, a link, a notice to the old address of a move, or not at all. */
export async function handler(event: unknown) {
  const readTitles = createTitleReader(digests, Date.now);
  return handleMessages('enroll-subscribers', event, mailRequestSchema, logger, (request, messageId) =>
    enroll({ ...services, readTitles }, request, messageId),
  );
}
