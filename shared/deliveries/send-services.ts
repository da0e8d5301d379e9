import type { DigestContent } from '../digests/content.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { ComposeDigestMessage } from '../email/message.ts';
import type { Quota } from '../email/quota.ts';
import type { SendMail } from '../email/ses.ts';
import type { PublishEvents } from '../events/events.ts';
import { hour } from '../platform/durations.ts';
import type { Logger } from '../platform/logger.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { VoteRepository } from '../votes/repository.ts';
import type { Progress } from './progress.ts';
import type { DeliveryRepository } from './repository.ts';
import type { SendingClock } from './sending-clock.ts';

/** Times are milliseconds. */
export interface SendSettings {
  /** The lease outlasts the function's time limit by this much, clock skew included. */
  leaseMargin: number;
  /**
   * Deliveries that are sent side by side, between two reads of the digest's status. A crash makes at most these
   * unknown.
   */
  chunkSize: number;
  /** With less time left than this, no chunk is begun: its slowest calls must end in it. */
  chunkTime: number;
  /** An unknown waits this long for an event of SES that proves that it went out. */
  evidenceWindow: number;
  /** Whether an unknown without such an event is sent once more. */
  resendUnknown: boolean;
}

export const defaultSendSettings: SendSettings = {
  leaseMargin: 30_000,
  chunkSize: 50,
  chunkTime: 40_000,
  evidenceWindow: hour,
  resendUnknown: true,
};

export interface SendServices {
  deliveries: DeliveryRepository;
  digests: Pick<DigestRepository, 'getState' | 'changeStatus'>;
  content: DigestContent;
  subscribers: Pick<SubscriberRepository, 'getReaders'>;
  /** The saved papers of readers. */
  votes: Pick<VoteRepository, 'listSaved' | 'leaveTelling'>;
  progress: Pick<Progress, 'giveUp' | 'record'>;
  clock: SendingClock;
  quota: Pick<Quota, 'remainingToday'>;
  /** The subscribers to whom the digest certainly went out, by an event of SES. */
  proofs: (digestId: string, subscriberIds: string[]) => Promise<Set<string>>;
  composeMessage: ComposeDigestMessage;
  sendMail: SendMail;
  publishEvents: PublishEvents;
  senderAddress: string;
  settings: SendSettings;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
