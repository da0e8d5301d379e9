import {
  cancelDigest,
  curateDigest,
  listDigests,
  pauseDigest,
  previewDigest,
  publishDigest,
  resumeDigest,
  retryDeliveries,
  sendDigest,
  sendTestMail,
  showDigest,
  showFeedback,
} from './digests/contract.ts';
import { paperRoutes } from './papers/contract.ts';
import { subscriberRoutes } from './subscribers/contract.ts';

/** Every route of the admin API. The gateway lets only IAM-signed requests through. */
export const adminRoutes = [
  ...paperRoutes,
  listDigests,
  publishDigest,
  showDigest,
  showFeedback,
  sendDigest,
  pauseDigest,
  resumeDigest,
  cancelDigest,
  retryDeliveries,
  previewDigest,
  curateDigest,
  sendTestMail,
  ...subscriberRoutes,
] as const;
