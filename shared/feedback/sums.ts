import * as z from 'zod';
import { isSoftBounce } from './consequence.ts';
import { type FeedbackEvent, isNotSpam } from './event.ts';

const count = z.int().default(0);
/** Absent while it is 0: mails are not tracked unless a stage is set to. */
const trackedCount = z.int().optional();

/**
 * The counts of a digest's deliveries by SES's reports. A delivery is in several counts, for instance sent and
 * delivered.
 */
export const feedbackCountsSchema = z.object({
  sent: count,
  delivered: count,
  delayed: count,
  bounced: count,
  /** The part of `bounced` that may pass, such as a full mailbox. */
  softBounced: count,
  complained: count,
  rejected: count,
  /** Deliveries that were opened, or in which a link was clicked, at least once. */
  opened: trackedCount,
  clicked: trackedCount,
  other: count,
});

export type FeedbackCounts = z.infer<typeof feedbackCountsSchema>;

export const countNames: Record<FeedbackEvent['type'], keyof FeedbackCounts> = {
  send: 'sent',
  delivery: 'delivered',
  delay: 'delayed',
  bounce: 'bounced',
  complaint: 'complained',
  reject: 'rejected',
  open: 'opened',
  click: 'clicked',
  other: 'other',
};

/** Counts of events by domain, without those that are 0. */
export function sumByDomain(events: FeedbackEvent[]): Record<string, Partial<FeedbackCounts>> {
  const domains = new Map<string, Partial<FeedbackCounts>>();
  for (const event of events) {
    const counts = domains.get(event.domain) ?? {};
    domains.set(event.domain, counts);
    const name = isNotSpam(event) ? 'other' : countNames[event.type];
    for (const each of isSoftBounce(event) ? [name, 'softBounced' as const] : [name]) {
      counts[each] = (counts[each] ?? 0) + 1;
    }
  }
  return Object.fromEntries(domains);
}

/** The sum of some counts; of none, all are 0. */
export function sumOf(all: (FeedbackCounts | undefined)[]): FeedbackCounts {
  const sum = feedbackCountsSchema.parse({});
  for (const counts of all) {
    for (const [name, number = 0] of Object.entries(counts ?? {}) as [keyof FeedbackCounts, number?][]) {
      sum[name] = (sum[name] ?? 0) + number;
    }
  }
  return sum;
}
