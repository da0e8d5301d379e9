import * as z from 'zod';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import { createCurations } from '../../shared/digests/curation.ts';
import { publishDay, publishDue } from '../../shared/digests/publish-due.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { identityVariables, mailIdentity } from '../../shared/email/identity.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { daySchema } from '../../shared/time/day.ts';

const environment = readEnvironment([
  'PAPERS_TABLE',
  'SNAPSHOTS_TABLE',
  'DIGESTS_TABLE',
  'EVENT_BUS_NAME',
  'EMPTY_DAYS',
  ...identityVariables,
]);
const logger = createLogger('publish-digest');
const dynamo = createDynamoDB();
const services = {
  papers: createPaperRepository(dynamo, environment.PAPERS_TABLE),
  snapshots: createSnapshots(dynamo, environment.SNAPSHOTS_TABLE),
  sourceDays: createSourceDays(dynamo, environment.PAPERS_TABLE),
  digests: createDigestRepository(dynamo, environment.DIGESTS_TABLE),
  curations: createCurations(dynamo, environment.DIGESTS_TABLE),
  publishEvents: createEventPublisher(createEventBridge(), environment.EVENT_BUS_NAME),
  publicUrl: environment.PUBLIC_URL,
  inspectMail: createMailInspector(mailIdentity(environment), logger),
  recordMetric: createMetrics('publish-digest'),
  logger,
};

/** An operator may name the day. */
const read = createEventReader('publish-digest', z.object({ date: daySchema.optional() }));

/** By the timer, makes what is due and missing; by hand, what is due of one day: `{date}`. */
export const handler = createTimerHandler(read, services.recordMetric, async start => {
  const date = start.by === 'operator' ? start.asked.date : undefined;
  const now = Date.now();
  return date
    ? publishDay(services, date, now, environment.EMPTY_DAYS)
    : publishDue(services, now, environment.EMPTY_DAYS);
});
