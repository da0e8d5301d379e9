import type { PublishEvents } from '../events/events.ts';
import { acceptSubmission } from '../papers/curate.ts';
import { ingestReading } from '../papers/ingest.ts';
import { isListed, type Paper } from '../papers/paper.ts';
import type { PaperRepository } from '../papers/repository.ts';
import type { ArxivSource } from '../papers/sources/arxiv-source.ts';
import { orNamed } from '../platform/damaged.ts';
import type { Logger } from '../platform/logger.ts';
import { featuredDay } from '../time/day.ts';
import type { ListedSubmission, SubmissionList } from './submission-list.ts';
import { changeMark, type VoteServices } from './vote.ts';

/*
 * A subscriber's submission is stored here. The handler of the event `paper.submitted` fetches the paper, as requests
 * to arXiv must take turns. The paper is stored as pending. It is listed once `neededSubmitters` mailboxes submitted it
 * or a curator accepts it (docs/decisions/0028).
 */

/** The mailboxes that must submit a paper: the first one and three others. */
export const neededSubmitters = 4;

/** `rejected`: a curator rejected, hid or deleted the paper, or its authors withdrew it. */
export const submissionStatuses = ['waiting', 'pending', 'listed', 'rejected', 'unknown'] as const;

export interface Submission {
  status: (typeof submissionStatuses)[number];
  submitters: number;
  reason?: string | undefined;
}

export interface SubmissionServices extends VoteServices {
  papers: Pick<PaperRepository, 'getStored' | 'lookupStored' | 'put'>;
  submissions: SubmissionList;
  publishEvents: PublishEvents;
}

const day = 86_400_000;
/** The time (milliseconds) for which an unknown paper stays listed, so that its submitter can see the outcome. */
const unknownKept = 7 * day;

/** The state of a submission. @returns undefined if the paper is neither stored nor submitted */
export async function submissionOf(
  { papers, votes, submissions }: Pick<SubmissionServices, 'papers' | 'votes' | 'submissions'>,
  paperId: string,
): Promise<Submission | undefined> {
  const stored = await papers.getStored(paperId);
  const submitters = await votes.countOf('submission', paperId);
  if (stored) return { status: stored.deletedAt === undefined ? statusOf(stored.paper) : 'rejected', submitters };
  const listed = await submissions.get(paperId);
  return listed && { status: listed.state === 'unknown' ? 'unknown' : 'waiting', submitters, reason: listed.reason };
}

/**
 * Submits a paper of arXiv by its id. The same mailbox (`voter`) again changes nothing.
 * @param now epoch milliseconds
 */
export async function submit(
  services: SubmissionServices,
  { subscriberId, voter, paperId }: { subscriberId: string; voter?: string; paperId: string },
  now: number,
): Promise<Submission> {
  // The list first: if the process is killed before the mark is set, arXiv is asked once for nothing.
  const stored = await services.papers.getStored(paperId);
  if (!stored) await services.submissions.add(paperId, now);
  await changeMark(services, { mark: 'submission', subscriberId, voter, paperId, marked: true }, now);
  await acceptIfWanted(services, paperId, now);
  if (!stored) await services.publishEvents([{ type: 'paper.submitted', detail: { paperId } }]);
  const submission = await submissionOf(services, paperId);
  if (!submission) throw new Error(`The submission of ${paperId} is gone.`);
  return submission;
}

/**
 * Fetches the waiting papers, all in one request, and decides on the pending ones. Running again, or twice at once,
 * changes nothing.
 * @returns the number of fetched papers, and of papers that arXiv can't provide
 */
export async function workThroughSubmissions(
  services: Omit<SubmissionServices, 'subscribers'> & {
    arxiv: Pick<ArxivSource, 'readIds'>;
    logger: Pick<Logger, 'info'>;
  },
  now: number,
): Promise<{ fetched: number; unknown: number }> {
  const { submissions, papers } = services;
  const all = await submissions.all();
  const waiting = all.filter(({ state }) => state === 'waiting');
  const reading =
    waiting.length === 0
      ? { papers: [], rejected: [] }
      : await services.arxiv.readIds(
          waiting.map(({ paperId }) => paperId),
          featuredDay(now),
        );
  const fetched = reading.papers.map(paper => ({ ...paper, submission: 'pending' as const }));
  const result = await ingestReading(
    { papers: fetched, rejected: reading.rejected },
    {
      repository: papers,
      publishEvents: services.publishEvents,
      now: () => now,
    },
  );
  let unknown = 0;
  for (const listed of all) {
    const stored = await orNamed(papers.getStored(listed.paperId));
    if (stored) await look(services, listed, stored.deletedAt === undefined ? stored.paper : undefined, now);
    else if (listed.state !== 'unknown') {
      unknown += 1;
      const refused = result.rejected.find(({ entry }) => entry.includes(listed.paperId));
      const reason = refused ? `arXiv's entry can't be used: ${refused.reason}` : 'arXiv has no paper with this id.';
      await submissions.put({ ...listed, state: 'unknown', reason });
    } else if (listed.at < now - unknownKept) await submissions.remove(listed.paperId);
  }
  if (waiting.length > 0) services.logger.info('Fetched submitted papers', { waiting: waiting.length, unknown });
  return { fetched: fetched.length, unknown };
}

/** Lists a pending paper that enough mailboxes submitted. A curator's rejection stands, whatever their number. */
export async function acceptIfWanted(
  { papers, votes, publishEvents }: Omit<SubmissionServices, 'subscribers' | 'submissions'>,
  paperId: string,
  now: number,
): Promise<void> {
  const stored = await papers.getStored(paperId);
  if (!stored || stored.deletedAt !== undefined || stored.paper.submission !== 'pending') return;
  if ((await votes.countOf('submission', paperId)) < neededSubmitters) return;
  const accepted = await acceptSubmission(papers, paperId, now, 'subscribers');
  if (accepted?.isNews) await announce(publishEvents, accepted.paper);
}

/** Publishes the event of a new paper for an accepted one, so that the search finds it. */
export async function announce(publishEvents: PublishEvents, { id, day, sources }: Paper): Promise<void> {
  const source = sources[0] as (typeof sources)[number];
  await publishEvents([{ type: 'paper.ingested', detail: { paperId: id, day, source } }]);
}

async function look(
  services: Omit<SubmissionServices, 'subscribers'>,
  listed: ListedSubmission,
  paper: Paper | undefined,
  now: number,
): Promise<void> {
  if (paper?.submission !== 'pending') {
    // The process that accepted it may have been killed before it published the event.
    if (paper && isListed(paper)) await announce(services.publishEvents, paper);
    return services.submissions.remove(listed.paperId);
  }
  if (listed.state !== 'pending') await services.submissions.put({ ...listed, state: 'pending' });
  await acceptIfWanted(services, listed.paperId, now);
}

function statusOf(paper: Paper): Submission['status'] {
  return paper.submission ?? (isListed(paper) ? 'listed' : 'rejected');
}
