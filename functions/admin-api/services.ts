import type { Progress } from '../../shared/deliveries/progress.ts';
import type { DeliveryRepository } from '../../shared/deliveries/repository.ts';
import type { PublishServices } from '../../shared/digests/publish.ts';
import type { FeedbackCounter } from '../../shared/feedback/counts.ts';
import type { PaperRepository } from '../../shared/papers/repository.ts';
import type { Logger } from '../../shared/platform/logger.ts';

/** What the admin API is built from, once on a cold start. */
export interface AdminServices extends PublishServices {
  papers: PaperRepository;
  deliveries: Pick<DeliveryRepository, 'openBatchIds'>;
  progress: Pick<Progress, 'read'>;
  feedback: Pick<FeedbackCounter, 'read' | 'readDomains'>;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
