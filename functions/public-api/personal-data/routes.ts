import type { Hono } from 'hono';
import type { ReportedEvent } from '../../../shared/deliveries/history.ts';
import {
  collectPersonalData,
  erasePersonalData,
  type PersonalData,
} from '../../../shared/personal-data/personal-data.ts';
import type { Item } from '../../../shared/platform/dynamo.ts';
import type { MarkedPaper } from '../../../shared/votes/repository.ts';
import { mountForSubscriber, unauthorized } from '../bearer.ts';
import type { PublicServices } from '../services.ts';
import { tokenServices } from '../token-services.ts';
import { eraseOwnData, exportOwnData } from './contract.ts';

const timeOf = (at: number) => new Date(at).toISOString();

/** The routes by which the subscriber of a manage token exports and erases their data. */
export function mountPersonalData(app: Hono, services: PublicServices): void {
  const byToken = tokenServices(services);

  mountForSubscriber(app, byToken, exportOwnData, async ({ subscriberId }) => {
    const data = await collectPersonalData(services.personalData, subscriberId, services.now());
    if (!data) throw unauthorized(true);
    return {
      answer: presentData(data, services.now()),
      headers: exportHeaders,
    };
  });

  const erase = async (subscriberId: string) => {
    await erasePersonalData(services.personalData, subscriberId, services.now());
    services.logger.info('A subscriber was erased', { subscriberId });
    return { answer: { status: 'erased' as const } };
  };
  // A subscriber who is gone may have been erased in part, so erasing runs again.
  mountForSubscriber(app, byToken, eraseOwnData, ({ subscriberId }) => erase(subscriberId), erase);
}

/** Makes browsers save the export as a file. */
export const exportHeaders = {
  'content-disposition': 'attachment; filename="daily-papers.json"',
};

/** The data as stored, with readable times. Fields that are added to a subscriber later are exported, too. */
export function presentData(
  { subscriber, consents, taste, history, votes, saved, unwanted, submissions }: PersonalData,
  now: number,
) {
  const { address: email, preferences, createdAt, confirmedAt, unsubscribedAt, ...rest } = subscriber;
  const { deliveries, otherMails, lastDeliveredAt } = history;
  return {
    exportedAt: timeOf(now),
    subscriber: {
      ...rest,
      email,
      createdAt: timeOf(createdAt),
      ...(confirmedAt !== undefined && { confirmedAt: timeOf(confirmedAt) }),
      ...(unsubscribedAt !== undefined && { unsubscribedAt: timeOf(unsubscribedAt) }),
    },
    preferences,
    consents: consents.map(presentConsent),
    deliveries: deliveries.map(({ digestId, delivery, feedback }) => ({
      digest: digestId,
      ...(delivery && { state: delivery.state, reason: delivery.reason, messageId: delivery.messageId }),
      feedback: feedback.map(presentEvent),
    })),
    otherMails: otherMails.map(presentEvent),
    votes: votes.map(presentMark),
    saved: saved.map(presentMark),
    unwanted: unwanted.map(presentMark),
    submissions: submissions.map(presentMark),
    ...(taste && { taste: taste.map(([stem, weight]) => ({ stem, weight })) }),
    ...(lastDeliveredAt !== undefined && { lastDeliveredAt: timeOf(lastDeliveredAt) }),
  };
}

function presentMark({ paperId, at }: MarkedPaper) {
  return { paperId, at: timeOf(at) };
}

/** A record as it is stored, also a damaged one: it is the only copy, and the subscriber may know its meaning. */
function presentConsent({ pk: _, sk: __, action, by, wording, ...rest }: Item) {
  const words = { action: textOf(action), by: textOf(by), wording: textOf(wording) };
  return { ...words, ...withTime(rest) };
}

function presentEvent({ kind, detail }: ReportedEvent) {
  // The place where the event is counted says nothing about a person.
  const { entry: _, inDomain: __, ...rest } = detail;
  return { ...withTime(rest), event: kind };
}

const textOf = (value: unknown) => (value === undefined ? '' : String(value));

/** With `at` as a readable time. A value that is no time stays as stored, as `storedAt`. */
function withTime({ at, ...rest }: Item): Item & { at?: string } {
  const isTime = typeof at === 'number' && !Number.isNaN(new Date(at).getTime());
  return isTime ? { ...rest, at: timeOf(at) } : { ...rest, ...(at !== undefined && { storedAt: at }) };
}
