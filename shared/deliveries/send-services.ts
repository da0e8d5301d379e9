import type { DigestContent } from '../digests/content.ts';
import type { DigestRepository } from '../digests/repository.ts';
import type { ComposeDigestMessage } from '../email/message.ts';
import type { Quota } from '../email/quota.ts';
import type { SendMail } from '../email/ses.ts';
import type { PublishEvents } from '../events/events.ts';
import { hour } from '../platform/durations.ts';
import type { Logger } from '../platform/logger.ts';
import type { SubscriberRepository } from '../subscribers/repository.ts';
import type { Progress } from './progress.ts';
import type { DeliveryRepository } from './repository.ts';
import type { SendingClock } from './sending-clock.ts';

/** Times are milliseconds. */
export interface SendSettings {
  /** The lease outlasts the function's time limit by this much, clock skew included. */
  leaseMargin: number;
  /** Deliveries that are sent side by side, between two readings of the digest's status; what a crash can make unknown. */
  chunkSize: number;
  /** A chunk is not begun with less time left than this: its slowest calls must end within it. */
  chunkTime: number;
  /** How long SES's word is waited for that an unknown went out. */
  evidenceWindow: number;
  /** Whether an unknown is sent once more when no such word came. */
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
  progress: Pick<Progress, 'record'>;
  clock: SendingClock;
  quota: Pick<Quota, 'remainingToday'>;
  /** Those of the subscribers to whom the digest went out for certain: SES said so in an event. */
  proofs: (digestId: string, subscriberIds: string[]) => Promise<Set<string>>;
  composeMessage: ComposeDigestMessage;
  sendMail: SendMail;
  publishEvents: PublishEvents;
  senderAddress: string;
  settings: SendSettings;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => number;
}
