import * as z from 'zod';
import { defineRoute } from '../../shared/http/route.ts';
import { getDigest, listDigests } from './digests/contract.ts';
import { getPaper, listPapers, searchPapers, showRanking, showStatus } from './papers/contract.ts';
import { eraseOwnData, exportOwnData } from './personal-data/contract.ts';
import {
  changeOwnSubscription,
  confirm,
  getOwnSubscription,
  narrowTopic,
  requestLink,
  showNarrowing,
  subscribe,
  takeBack,
  unsubscribe,
  widenTopic,
} from './subscriptions/contract.ts';
import { communityRoutes, showSubmission, submitPaper } from './votes/contract.ts';

export const health = defineRoute({
  method: 'get',
  path: '/health',
  summary: 'Whether the API answers',
  answer: {
    status: 200,
    description: 'It does',
    // The name tells one deployment from another, and from other servers.
    schema: z.object({ status: z.literal('ok'), name: z.string() }),
  },
  problems: [],
});

/** Every route of the public JSON API, in the order of the OpenAPI document. */
export const publicRoutes = [
  listPapers,
  searchPapers,
  getPaper,
  showRanking,
  listDigests,
  getDigest,
  showStatus,
  subscribe,
  confirm,
  unsubscribe,
  takeBack,
  requestLink,
  getOwnSubscription,
  changeOwnSubscription,
  eraseOwnData,
  exportOwnData,
  showNarrowing,
  narrowTopic,
  widenTopic,
  ...communityRoutes,
  submitPaper,
  showSubmission,
  health,
] as const;
