import * as z from 'zod';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import { createCurations } from '../../shared/digests/curation.ts';
import { dueOn } from '../../shared/digests/period.ts';
import { publishDigest } from '../../shared/digests/publish.ts';
import { createDigestRepository } from '../../shared/digests/repository.ts';
import { identityVariables, mailIdentity } from '../../shared/email/identity.ts';
import { createEventPublisher } from '../../shared/events/events.ts';
import { createEventReader } from '../../shared/events/read.ts';
import { newYorkDay } from '../../shared/papers/day.ts';
import { daySchema } from '../../shared/papers/paper.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots } from '../../shared/papers/snapshots.ts';
import { createSourceDays } from '../../shared/papers/source-days.ts';
import { createDynamoDB, createEventBridge } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';

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
};

/** An operator may name the day. */
const read = createEventReader('publish-digest', z.object({ date: daySchema.optional() }));

/** Publishes what is due of the day that has just turned in New York: the daily, then the weekly, which marks its papers. */
export async function handler(event: unknown) {
  const start = read(event);
  const date = start.by === 'operator' ? start.asked.date : undefined;
  const results = [];
  for (const digestId of dueOn(date ?? newYorkDay(Date.now()))) {
    const result = await publishDigest(services, digestId, Date.now(), environment.EMPTY_DAYS);
    const { outcome } = result;
    const reason = outcome === 'no papers' ? result.reason : result.digest.statusReason;
    const answer = { digestId, outcome, ...(reason && { reason }) };
    logger.info('Made a digest that is due', answer);
    results.push(answer);
  }
  return results;
}
