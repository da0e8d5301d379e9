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
 * A subscriber's submission is noted here and fetched behind the event `paper.submitted`, as arXiv is asked in turns. Its
 * paper is stored as pending, and listed when so many submitted it or a curator accepts it (docs/decisions/0028).
 */

/** The first who submits a paper, and three others: mailboxes, as votes. */
export const neededSubmitters = 4;

/** `rejected`: by a curator, who may also have hidden or deleted it; or its authors withdrew it. */
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
/** What arXiv doesn't have is kept for whoever asks what became of it. */
const unknownKept = 7 * day;

/** How a submission stands. @returns undefined when nobody submitted it and no source has it */
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
  // First what is to be done, then who wants it: whoever dies in between has caused a look at arXiv, no more.
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
 * Fetches what waits, all in one request, and looks at what is pending. Again, or twice at once, changes nothing.
 * @returns how many were fetched, and how many arXiv does not have
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

/** Lists a pending paper that enough people submitted. A curator's rejection stands, however many there are. */
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

/** Says of a paper that was accepted what is said of every new one: then a search finds it. */
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
    // Whoever accepted it may have died before saying so.
    if (paper && isListed(paper)) await announce(services.publishEvents, paper);
    return services.submissions.remove(listed.paperId);
  }
  if (listed.state !== 'pending') await services.submissions.put({ ...listed, state: 'pending' });
  await acceptIfWanted(services, listed.paperId, now);
}

function statusOf(paper: Paper): Submission['status'] {
  return paper.submission ?? (isListed(paper) ? 'listed' : 'rejected');
}
