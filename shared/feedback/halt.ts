import * as z from 'zod';
import type { DigestRepository } from '../digests/repository.ts';
import type { PublishEvents } from '../events/events.ts';
import type { FeedbackCounter, FeedbackTotals } from './counts.ts';

/** When a digest halts by itself. Rates are shares of the mails sent, from 0 to 1. */
export const haltLimitsSchema = z.object({
  /** Below this many mails sent, a rate says nothing. */
  leastSent: z.coerce.number().int().min(1).default(500),
  bounceRate: z.coerce.number().gt(0).max(1).default(0.05),
  complaintRate: z.coerce.number().gt(0).max(1).default(0.001),
});

export type HaltLimits = z.infer<typeof haltLimitsSchema>;

export interface HaltServices {
  digests: Pick<DigestRepository, 'get' | 'changeStatus'>;
  counter: Pick<FeedbackCounter, 'noteHalt'>;
  publishEvents: PublishEvents;
  limits: HaltLimits;
}

/** Why a digest with these counts must not go on; undefined when it may. A pure function. */
export function haltReason(totals: FeedbackTotals, limits: HaltLimits): string | undefined {
  const since = (name: 'sent' | 'bounced' | 'softBounced' | 'complained') =>
    totals[name] - (totals.atHalt?.[name] ?? 0);
  const sent = since('sent');
  // As SES itself reckons: a reader who is away answers with a soft bounce, and in a holiday week many are.
  const counted = { bounced: since('bounced') - since('softBounced'), complained: since('complained') };
  if (sent < limits.leastSent) return undefined;
  const over = (name: 'bounced' | 'complained', limit: number) =>
    counted[name] / sent >= limit
      ? `${counted[name]} of ${sent} mails ${name}: ${percent(counted[name] / sent)}, the limit is ${percent(limit)}`
      : undefined;
  return over('bounced', limits.bounceRate) ?? over('complained', limits.complaintRate);
}

/** Halts a digest whose counts are past a limit, and says so on the bus. Only a person can resume it. */
export async function haltIfPastLimit(
  services: HaltServices,
  digestId: string,
  totals: FeedbackTotals,
): Promise<'halted' | undefined> {
  const { digests, counter } = services;
  const reason = haltReason(totals, services.limits);
  if (!reason && !totals.atHalt) return undefined;
  const status = (await digests.get(digestId))?.status;
  if (status === 'halted' && totals.atHalt) {
    // Still about what was sent before: it must not halt the digest again as soon as somebody has resumed it.
    await counter.noteHalt(digestId, totals);
    return undefined;
  }
  if (!reason || (status !== 'ready' && status !== 'halted')) return undefined;
  // If it is halted and that was never noted, whoever halted it failed before telling anybody.
  if (status === 'ready' && !(await digests.changeStatus(digestId, 'ready', 'halted', reason))) return undefined;
  await services.publishEvents([{ type: 'digest.halted', detail: { digestId, reason } }]);
  await counter.noteHalt(digestId, totals);
  return 'halted';
}

function percent(rate: number): string {
  return `${Math.round(rate * 10_000) / 100} %`;
}
