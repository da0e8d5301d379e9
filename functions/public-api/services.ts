import type { DigestRepository } from '../../shared/digests/repository.ts';
import type { PaperRepository } from '../../shared/papers/repository.ts';
import type { Snapshots } from '../../shared/papers/snapshots.ts';
import type { SourceDays } from '../../shared/papers/source-days.ts';
import type { PersonalDataServices } from '../../shared/personal-data/personal-data.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { RecordMetric } from '../../shared/platform/metrics.ts';
import type { Searcher } from '../../shared/search/searcher.ts';
import type { DisposablePolicy } from '../../shared/sign-up/disposable.ts';
import type { Limiters, RequestLimits } from '../../shared/sign-up/mail-limits.ts';
import type { MailRequest } from '../../shared/sign-up/mail-request.ts';
import type { ConfirmServices } from '../../shared/sign-up/service.ts';
import type { VoteRepository } from '../../shared/votes/repository.ts';
import type { SubmissionList } from '../../shared/votes/submission-list.ts';

/** The limits of one subscriber. */
export interface CommunityLimits {
  /** Votes and saves, each also taken back, an hour. */
  votesHour: number;
  submissionsDay: number;
}

/** The services of the public API, built once on a cold start. */
export interface PublicServices {
  papers: Pick<
    PaperRepository,
    'get' | 'getListed' | 'getStored' | 'listAll' | 'listByDay' | 'listPlacesByDay' | 'lookup' | 'lookupStored' | 'put'
  >;
  votes: VoteRepository;
  submissions: SubmissionList;
  searcher: Searcher;
  snapshots: Pick<Snapshots, 'historyOf'>;
  digests: Pick<DigestRepository, 'get' | 'getCandidates' | 'getNothing' | 'getState' | 'latest' | 'papersIn'>;
  sourceDays: Pick<SourceDays, 'list'>;
  subscriptions: ConfirmServices;
  personalData: PersonalDataServices;
  enqueueRequest: (request: MailRequest) => Promise<void>;
  limits: Limiters & { most: RequestLimits; community: CommunityLimits };
  disposable: DisposablePolicy;
  recordMetric: RecordMetric;
  /** The name of the deployment: `daily-papers-production`. */
  name: string;
  publicUrl: string;
  /** The mail address for wishes that no link answers. */
  contact: string;
  /** Days for which data stays after its subscriber left. */
  keptAfterLeavingDays: number;
  /** The secret that the CDN sends. Without one, every request is answered. */
  cdnSecret?: string | undefined;
  allowedOrigins: string[];
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
