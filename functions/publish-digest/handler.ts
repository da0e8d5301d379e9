import * as z from 'zod';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import { publishDay, publishDue } from '../../shared/digests/publish-due.ts';
import { mailIdentity } from '../../shared/email/identity.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { daySchema } from '../../shared/time/day.ts';

const environment = readEnvironment('publish-digest', ['EVENT_BUS_NAME', 'PUBLIC_URL']);
const logger = createLogger('publish-digest');
const made = createStores(
  { dynamo: createDynamoDB(), ...environment },
  {
    papers: stores.papers,
    snapshots: stores.snapshots,
    sourceDays: stores.sourceDays,
    searchStore: stores.searchStore,
    digests: stores.digests,
    curations: stores.curations,
  },
);
const services = {
  ...made,
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  publicUrl: environment.PUBLIC_URL,
  inspectMail: createMailInspector(mailIdentity(environment), logger),
  recordMetric: createMetrics('publish-digest'),
  logger,
};

/** An operator may name the day. */
const read = createEventReader('publish-digest', z.object({ date: daySchema.optional() }));

/** Makes the digests that are due and missing (timer), or those of one day (by hand): `{date}`. */
export const handler = createTimerHandler(read, services.recordMetric, async start => {
  const date = start.by === 'operator' ? start.asked.date : undefined;
  const now = Date.now();
  return date
    ? publishDay(services, date, now, environment.EMPTY_DAYS)
    : publishDue(services, now, environment.EMPTY_DAYS);
});
