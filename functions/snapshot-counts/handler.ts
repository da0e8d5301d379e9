import { createPaperRepository } from '../../shared/papers/repository.ts';
import { createSnapshots, snapshotCounts } from '../../shared/papers/snapshots.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { readEnvironment } from '../../shared/platform/environment.ts';
import { createLogger } from '../../shared/platform/logger.ts';

const environment = readEnvironment(['PAPERS_TABLE', 'SNAPSHOTS_TABLE']);
const logger = createLogger('snapshot-counts');
const dynamo = createDynamoDB();
const services = {
  papers: createPaperRepository(dynamo, environment.PAPERS_TABLE),
  snapshots: createSnapshots(dynamo, environment.SNAPSHOTS_TABLE),
};

/** Hourly by the timer: notes the votes, comments and stars of the last days' papers, which no source keeps. */
export async function handler() {
  const papers = await snapshotCounts(services, Date.now());
  logger.info('Took a snapshot of the counts', { papers });
  return { papers };
}
