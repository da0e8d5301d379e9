import * as z from 'zod';
import type { DigestRepository } from '../digests/repository.ts';
import type { PublishEvents } from '../events/events.ts';
import { orNamed } from '../platform/damaged.ts';
import { isProvider, ownedDomain } from '../subscribers/providers.ts';
import type { FeedbackCounter, FeedbackTotals } from './count-repository.ts';
import type { FeedbackCounts } from './sums.ts';

/** The limits at which a digest halts by itself. Rates are shares of the sent mails, from 0 to 1. */
export const haltLimitsSchema = z.object({
  /** With fewer sent mails, a rate has no meaning. */
  leastSent: z.coerce.number().int().min(1).default(500),
  bounceRate: z.coerce.number().gt(0).max(1).default(0.05),
  complaintRate: z.coerce.number().gt(0).max(1).default(0.001),
  /**
   * Fewer bounces or complaints never halt a digest, whatever their share: one reader must not stop the digest of all.
   */
  leastBounces: z.coerce.number().int().min(1).default(10),
  leastComplaints: z.coerce.number().int().min(1).default(5),
  /** Complaints must come from so many domains. One domain counts at most for the needed number divided by it. */
  leastDomains: z.coerce.number().int().min(1).default(3),
});

export type HaltLimits = z.infer<typeof haltLimitsSchema>;

export interface HaltServices {
  digests: Pick<DigestRepository, 'get' | 'changeStatus'>;
  counter: Pick<FeedbackCounter, 'noteHalt' | 'read'>;
  publishEvents: PublishEvents;
  limits: HaltLimits;
}

/** Counts by the domain of the recipients. */
export type DomainCounts = ReadonlyMap<string, Pick<FeedbackCounts, 'bounced' | 'softBounced' | 'complained'>>;

/**
 * The reason why a digest with these counts must halt; undefined if it may go on. The owner of a domain can make any
 * number of readers, bounces and complaints there: so a domain that is not a provider's counts for a part only
 * (docs/decisions/0056). A pure function.
 */
export function haltReason(totals: FeedbackTotals, domains: DomainCounts, limits: HaltLimits): string | undefined {
  const sent = totals.sent - (totals.atHalt?.sent ?? 0);
  if (sent < limits.leastSent) return undefined;
  for (const kind of kinds) {
    const needed = neededOf(kind, sent, limits);
    const mostOfDomain = Math.ceil(needed / limits.leastDomains);
    const owned = new Map<string, number>();
    for (const [domain, counts] of domains) {
      const number = countOf(counts, kind) - countOf(totals.atHalt?.domains?.[domain], kind);
      const owner = ownedDomain(domain);
      if (number > 0) owned.set(owner, (owned.get(owner) ?? 0) + number);
    }
    const heard = [...owned].map(([domain, number]) => (isProvider(domain) ? number : Math.min(number, mostOfDomain)));
    // A halt does not remember all domains, so some count with their events from before it.
    const all = countOf(totals, kind) - countOf(totals.atHalt, kind);
    const counted = Math.min(
      all,
      heard.reduce((sum, number) => sum + number, 0),
    );
    const isAlone = kind === 'complained' && owned.size < limits.leastDomains;
    if (counted < needed || isAlone) continue;
    const limit = kind === 'bounced' ? limits.bounceRate : limits.complaintRate;
    const capped = counted < all ? ` (${all} with all of domains that count for ${mostOfDomain} at most)` : '';
    return (
      `${counted} of ${sent} mails ${kind}${capped}, at ${owned.size} domain${owned.size === 1 ? '' : 's'}: ` +
      `${percent(counted / sent)}, the limit is ${percent(limit)} and at least ${leastOf(kind, limits)}`
    );
  }
  return undefined;
}

const kinds = ['bounced', 'complained'] as const;
type Kind = (typeof kinds)[number];

/** Counts hard bounces only, as SES does: in a holiday week, many mailboxes of absent readers send soft bounces. */
function countOf(
  counts: Partial<Pick<FeedbackCounts, 'bounced' | 'softBounced' | 'complained'>> | undefined,
  kind: Kind,
): number {
  const { bounced = 0, softBounced = 0, complained = 0 } = counts ?? {};
  return kind === 'bounced' ? bounced - softBounced : complained;
}

const leastOf = (kind: Kind, limits: HaltLimits) => (kind === 'bounced' ? limits.leastBounces : limits.leastComplaints);

/** The number of bounces or complaints that halts a digest. */
function neededOf(kind: Kind, sent: number, limits: HaltLimits): number {
  const rate = kind === 'bounced' ? limits.bounceRate : limits.complaintRate;
  // A product such as 0.001 × 7000 is a little more than 7.
  return Math.max(leastOf(kind, limits), Math.ceil(sent * rate - 1e-9));
}

/** Halts a digest whose counts are past a limit, and publishes `digest.halted`. Only an operator can resume it. */
export async function haltIfPastLimit(services: HaltServices, digestId: string): Promise<'halted' | undefined> {
  const { digests, counter } = services;
  // A digest that can't be read can't be sent either.
  const status = (await orNamed(digests.get(digestId)))?.status;
  if (status !== 'ready' && status !== 'halted') return undefined;
  const { totals, domains } = await counter.read(digestId);
  if (status === 'halted' && totals.atHalt) {
    // These events are about mails from before the halt: they must not halt the digest again after an operator's
    // resume.
    await counter.noteHalt(digestId, totals, domains);
    return undefined;
  }
  const reason = haltReason(totals, domains, services.limits);
  if (!reason) return undefined;
  // If it is halted without stored counts, the process that halted it failed before it published the event.
  if (status === 'ready' && !(await digests.changeStatus(digestId, 'ready', 'halted', reason))) return undefined;
  await services.publishEvents([{ type: 'digest.halted', detail: { digestId, reason } }]);
  await counter.noteHalt(digestId, totals, domains);
  return 'halted';
}

function percent(rate: number): string {
  return `${Math.round(rate * 10_000) / 100} %`;
}
