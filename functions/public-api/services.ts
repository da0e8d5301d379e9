import type { DigestRepository } from '../../shared/digests/repository.ts';
import type { PaperRepository } from '../../shared/papers/repository.ts';
import type { Logger } from '../../shared/platform/logger.ts';
import type { PersonalDataServices } from '../../shared/subscribers/personal-data.ts';
import type { SubscriptionServices } from '../../shared/subscribers/service.ts';
import type { SignUp } from '../../shared/subscribers/sign-up.ts';

/** What the public API is built from, once on a cold start. */
export interface PublicServices {
  papers: Pick<PaperRepository, 'get' | 'listByDay'>;
  digests: Pick<DigestRepository, 'get' | 'latest'>;
  subscriptions: SubscriptionServices;
  personalData: PersonalDataServices;
  enqueueSignUp: (signUp: SignUp) => Promise<void>;
  publicUrl: string;
  allowedOrigins: string[];
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
