import type { ConsentRepository } from '../../shared/consents/repository.ts';
import type { Progress } from '../../shared/deliveries/progress.ts';
import type { DeliveryRepository } from '../../shared/deliveries/repository.ts';
import type { TestMail } from '../../shared/deliveries/test-mail.ts';
import type { Curations } from '../../shared/digests/curation.ts';
import type { PublishServices } from '../../shared/digests/publish.ts';
import type { FeedbackCounter } from '../../shared/feedback/count-repository.ts';
import type { ImportServices } from '../../shared/imports/run.ts';
import type { PaperRepository } from '../../shared/papers/repository.ts';
import type { SourceDays } from '../../shared/papers/source-days.ts';
import type { ArxivSource } from '../../shared/papers/sources/arxiv-source.ts';
import type { Source } from '../../shared/papers/sources/source.ts';
import type { PersonalDataServices } from '../../shared/personal-data/personal-data.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { TakeFrom } from '../../shared/platform/rate-limiter.ts';
import type { SubscriberRepository } from '../../shared/subscribers/repository.ts';
import type { SubmissionList } from '../../shared/votes/submission-list.ts';

/** The services of the admin API, built once on a cold start. */
export interface AdminServices extends PublishServices {
  papers: PaperRepository;
  curations: Curations;
  enqueueTestMail: (message: TestMail) => Promise<void>;
  takeFromLimit: TakeFrom;
  /** The configured sources. */
  sources: Source[];
  arxiv: ArxivSource;
  submissions: Pick<SubmissionList, 'all'>;
  sourceDays: SourceDays;
  deliveries: Pick<DeliveryRepository, 'openBatchIds'>;
  progress: Pick<Progress, 'read'>;
  feedback: Pick<FeedbackCounter, 'read'>;
  /** The stores of personal data. */
  subscriberServices: PersonalDataServices &
    ImportServices & { subscribers: SubscriberRepository; consents: ConsentRepository };
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
