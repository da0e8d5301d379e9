import * as z from 'zod';
import { parseAddress } from './address.ts';
import { type KeyRing, subscriberIdOf } from './keys.ts';
import type { Tombstone } from './repository.ts';
import { preferencesSchema, type Subscriber, statusReasons } from './subscriber.ts';

/** Services whose files are understood. */
export const importServices = ['mailchimp', 'buttondown', 'substack', 'listmonk'] as const;

const optOuts = ['unsubscribed', 'bounced', 'complained'] as const;

/** One row of a file, in the project's own words. */
export const importRowSchema = z.strictObject({
  /** Where it begins in the file, from 1. */
  line: z.int().min(1),
  email: z.string().max(1_000),
  status: z.enum(['active', ...optOuts]),
  /** When its owner confirmed there by their own act, epoch ms; only with the IP that this came from it is a proof. */
  confirmedAt: z.int().optional(),
  confirmedIp: z.string().max(64).optional(),
  timeZone: z.string().max(64).optional(),
});

export type ImportRow = z.infer<typeof importRowSchema>;

/** What a consent record keeps of an imported row: what it says of its owner's consent elsewhere. */
export interface ImportEvidence {
  importId: string;
  /** The service that wrote the file. */
  service: string;
  /** The person's status there. */
  status: string;
  /** When they confirmed there, epoch milliseconds. */
  confirmedAt?: number;
}

/** What an import means for one row. */
export type ImportDecision =
  | { outcome: 'create'; subscriber: Subscriber }
  | { outcome: 'stop'; subscriber: Subscriber }
  | { outcome: 'unchanged'; reason: string }
  | { outcome: 'reject'; reason: string };

/** Nothing was confirmed by mail before there was mail as we know it: an older time is a damaged one. */
const earliestConfirmation = Date.UTC(1995, 0, 1);

const words = { unsubscribed: 'unsubscribed', bounced: 'bounced', complained: 'complained' } as const;

/** How strong a word against mailing somebody is. A stop after soft bounces may pass, so it is none. */
function severityOf({ status, statusReason }: Pick<Subscriber, 'status' | 'statusReason'>): number {
  if (status === 'complained') return 3;
  if (status === 'bounced') return statusReason === statusReasons.softBounces ? 0 : 2;
  return status === 'unsubscribed' ? 1 : 0;
}

/**
 * What an imported row means for what is stored. A pure function. The stored word and the file's word against mailing somebody
 * both win over any word for it (invariant 7); nobody becomes active without the proof of an earlier confirmation.
 * @param mark names the import and the row, in `importedAs`
 */
export function decideImport(
  row: ImportRow,
  known: { subscriber: Subscriber | undefined; tombstone: Tombstone | undefined },
  identified: { id: string; address: string; mark: string },
  now: number,
): ImportDecision {
  const { subscriber, tombstone } = known;
  if (!subscriber && tombstone) return { outcome: 'reject', reason: 'was erased here on request' };
  if (row.status !== 'active') return decideOptOut(row.status, subscriber, identified, now);
  if (subscriber?.status === 'active') return { outcome: 'unchanged', reason: 'is subscribed already' };
  if (subscriber?.status === 'pending') {
    return { outcome: 'unchanged', reason: 'has asked here and not confirmed yet' };
  }
  if (subscriber) return { outcome: 'reject', reason: `has ${subscriber.status} here` };
  const { confirmedAt, confirmedIp } = row;
  if (confirmedAt === undefined || !confirmedIp) {
    const missing = confirmedAt === undefined ? 'when its owner confirmed' : 'from which IP its owner confirmed';
    return { outcome: 'reject', reason: `the file doesn't say ${missing}: ask them to sign up` };
  }
  if (confirmedAt < earliestConfirmation || confirmedAt > now) {
    return { outcome: 'reject', reason: 'the time of its confirmation can’t be true' };
  }
  const created = newSubscriber(row, identified, now);
  return { outcome: 'create', subscriber: { ...created, status: 'active', confirmedAt } };
}

function decideOptOut(
  status: (typeof optOuts)[number],
  known: Subscriber | undefined,
  identified: { id: string; address: string; mark: string },
  now: number,
): ImportDecision {
  const stopped = {
    status,
    ...(status !== 'bounced' && { unsubscribedAt: known?.unsubscribedAt ?? now }),
    ...(status !== 'unsubscribed' && { statusReason: statusReasons.imported }),
  };
  if (!known) return { outcome: 'create', subscriber: { ...newSubscriber({}, identified, now), ...stopped } };
  if (severityOf({ status }) <= severityOf(known)) {
    return {
      outcome: 'unchanged',
      reason: `has ${words[known.status as keyof typeof words] ?? known.status} here already`,
    };
  }
  const { pendingRequest: _, statusReason: __, softBounces: ___, ...rest } = known;
  return { outcome: 'stop', subscriber: { ...rest, ...stopped } };
}

function newSubscriber(
  { timeZone }: Pick<ImportRow, 'timeZone'>,
  { id, address, mark }: { id: string; address: string; mark: string },
  now: number,
): Omit<Subscriber, 'status'> & { status: 'pending' } {
  // A zone that is not known here is no reason to lose a reader.
  const wished = preferencesSchema.safeParse(timeZone ? { timeZone } : {});
  const preferences = wished.data ?? preferencesSchema.parse({});
  return { id, address, status: 'pending', preferences, createdAt: now, importedAs: mark, revision: 0 };
}

/** Who a row is about. */
export function identify(
  keys: KeyRing,
  email: string,
): { ok: true; id: string; address: string } | { ok: false; reason: string } {
  const parsed = parseAddress(email);
  if (!parsed.ok) return parsed;
  return { ok: true, id: subscriberIdOf(keys, parsed.address.identity), address: parsed.address.delivery };
}
