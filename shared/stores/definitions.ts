/*
 * Every store of the system, defined once: its table and what makes it. Each is an export of its own, so that a function's bundle
 * holds the stores that it asks for and no others.
 */

import { createConsentRepository } from '../consents/repository.ts';
import { createHistoryRepository } from '../deliveries/history.ts';
import { createPauses } from '../deliveries/pauses.ts';
import { createProgress } from '../deliveries/progress.ts';
import { createDeliveryRepository } from '../deliveries/repository.ts';
import { createWelcomeOutbox } from '../deliveries/welcome-outbox.ts';
import { createCurations } from '../digests/curation.ts';
import { createDigestRepository } from '../digests/repository.ts';
import { createFeedbackCounter } from '../feedback/count-repository.ts';
import { createFeedbackRepository } from '../feedback/repository.ts';
import { createPaperRepository } from '../papers/repository.ts';
import { createSnapshots } from '../papers/snapshots.ts';
import { createSourceDays } from '../papers/source-days.ts';
import { createBuckets } from '../platform/buckets.ts';
import { createLimiter } from '../platform/rate-limiter.ts';
import { createSearchStore } from '../search/store.ts';
import { createSubscriberRepository } from '../subscribers/repository.ts';
import { createVoteRepository } from '../votes/repository.ts';
import { createSubmissionList } from '../votes/submission-list.ts';

export const papers = { table: 'Papers', create: createPaperRepository } as const;
export const sourceDays = { table: 'Papers', create: createSourceDays } as const;
export const snapshots = { table: 'Snapshots', create: createSnapshots } as const;
export const searchStore = { table: 'Search', create: createSearchStore } as const;
export const subscribers = { table: 'Subscribers', create: createSubscriberRepository } as const;
export const consents = { table: 'Consents', create: createConsentRepository } as const;
export const votes = { table: 'Votes', create: createVoteRepository } as const;
export const submissions = { table: 'Votes', create: createSubmissionList } as const;
export const digests = { table: 'Digests', create: createDigestRepository } as const;
export const curations = { table: 'Digests', create: createCurations } as const;
export const progress = { table: 'Digests', create: createProgress } as const;
export const feedbackCounter = { table: 'Digests', create: createFeedbackCounter } as const;
export const deliveries = { table: 'Deliveries', create: createDeliveryRepository } as const;
export const history = { table: 'Deliveries', create: createHistoryRepository } as const;
export const welcomes = { table: 'Deliveries', create: createWelcomeOutbox } as const;
export const pauses = { table: 'Deliveries', create: createPauses } as const;
export const feedback = { table: 'Deliveries', create: createFeedbackRepository } as const;
export const limiter = { table: 'Limits', create: createLimiter } as const;
export const buckets = { table: 'Limits', create: createBuckets } as const;
