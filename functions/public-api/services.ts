import type { DigestRepository } from '../../shared/digests/repository.ts';
import type { PaperRepository } from '../../shared/papers/repository.ts';
import type { Snapshots } from '../../shared/papers/snapshots.ts';
import type { SourceDays } from '../../shared/papers/source-days.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { Searcher } from '../../shared/search/searcher.ts';
import type { SubscriptionServices } from '../../shared/subscribers/service.ts';
import type { SignUp } from '../../shared/subscribers/sign-up.ts';

/** What the public API is built from, once on a cold start. */
export interface PublicServices {
  papers: Pick<PaperRepository, 'get' | 'listByDay'>;
  searcher: Searcher;
  snapshots: Pick<Snapshots, 'historyOf'>;
  digests: Pick<DigestRepository, 'get' | 'latest' | 'getNothing'>;
  sourceDays: Pick<SourceDays, 'list'>;
  subscriptions: SubscriptionServices;
  enqueueSignUp: (signUp: SignUp) => Promise<void>;
  publicUrl: string;
  allowedOrigins: string[];
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
