import { createEventReader } from '../../shared/events/read.ts';
import { createTimerHandler } from '../../shared/events/timer.ts';
import { snapshotCounts } from '../../shared/papers/snapshots.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';
import { createMetrics } from '../../shared/platform/metrics.ts';
import { tryEach } from '../../shared/platform/try-each.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as stores from '../../shared/stores/definitions.ts';
import { learnFromVote } from '../../shared/votes/learn.ts';
import { completeVotes } from '../../shared/votes/vote.ts';

const logger = createLogger('snapshot-counts');
const services = createStores(
  { dynamo: createDynamoDB(), ...readEnvironment('snapshot-counts') },
  { papers: stores.papers, snapshots: stores.snapshots, votes: stores.votes, subscribers: stores.subscribers },
);

const read = createEventReader('snapshot-counts');

/** Milliseconds that the snapshot itself may take. */
const reserveMilliseconds = 60_000;

/**
 * Hourly by the timer: completes votes whose counting or learning broke off, then stores the votes, comments and
 * stars of the last days' papers, since sources keep no history. After a change of a vote: learns its reader's taste.
 */
export const handler = createTimerHandler(read, createMetrics('snapshot-counts'), async (start, context) => {
  if (start.by === 'bus') {
    const { subscriberId, change } = start.event.detail;
    await learnFromVote(services, { subscriberId, change });
    return { learned: subscriberId };
  }
  const complete = async () => {
    const hasTime = () => context.getRemainingTimeInMillis() > reserveMilliseconds;
    const completed = await completeVotes(services, Date.now(), hasTime);
    if (completed > 0) logger.warn('Completed votes that broke off', { completed });
  };
  let papers = 0;
  const snapshot = async () => {
    papers = await snapshotCounts(services, Date.now());
    logger.info('Took a snapshot of the counts', { papers });
  };
  // A vote that can't be counted must not cost the hour's snapshot.
  await tryEach([complete, snapshot], step => step());
  return { papers };
});
