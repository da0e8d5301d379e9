import * as z from 'zod';
import type { Statement } from '../consents/record.ts';
import { longestTyped, parseAddress } from '../subscribers/address.ts';
import { type KeyRing, subscriberIdOf } from '../subscribers/keys.ts';
import type { Tombstone } from '../subscribers/repository.ts';
import { hasVanished, preferencesSchema, type Subscriber, statusReasons } from '../subscribers/subscriber.ts';

/** Whose files are understood: of services, of nobody (a plain list of addresses), and SES's suppression list. */
export const importServices = ['mailchimp', 'buttondown', 'substack', 'listmonk', 'list', 'ses'] as const;

const optOuts = ['unsubscribed', 'bounced', 'complained'] as const;

/** One row of a file, in the project's own words. */
export const importRowSchema = z.strictObject({
  /** Where it begins in the file, from 1. */
  line: z.int().min(1),
  email: z.string().max(longestTyped),
  status: z.enum(['active', ...optOuts]),
  /** When its owner confirmed there by their own act, epoch ms; only with the IP that this came from it is a proof. */
  confirmedAt: z.int().optional(),
  confirmedIp: z.string().max(64).optional(),
  /** When they came to a service whose file says nothing of a confirmation, epoch ms. */
  addedAt: z.int().optional(),
  timeZone: z.string().max(64).optional(),
});

export type ImportRow = z.infer<typeof importRowSchema>;

/** Services whose files never say who confirmed: there, the operator's word counts, and is kept. */
export const silentServices: readonly string[] = [
  'substack',
  'listmonk',
  'list',
] satisfies (typeof importServices)[number][];

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

/** Who a row is about, and `mark`, which names the import and the row in `importedAs`. */
interface Identified {
  id: string;
  address: string;
  mark: string;
}

/**
 * What an imported row means for what is stored. A pure function. The stored word and the file's word against mailing somebody
 * both win over any word for it ([no opt-out comes back](docs/invariants.md#7)); nobody becomes active without the
 * proof of an earlier confirmation: the file's, or, where it can't say, the operator's.
 * @param statement `undated`: it is also about those of whom the file gives no day, as a plain list may have none
 */
export function decideImport(
  row: ImportRow,
  known: { subscriber: Subscriber | undefined; tombstone: Tombstone | undefined },
  identified: Identified,
  statement: (Statement & { undated?: boolean }) | undefined,
  now: number,
): ImportDecision {
  const { tombstone, subscriber: stored } = known;
  // A request that nobody confirmed in time is gone, whether or not DynamoDB has deleted it yet.
  const subscriber = stored && !hasVanished(stored, now) ? stored : undefined;
  const overwritten = subscriber ? undefined : stored;
  if (!subscriber && tombstone) {
    return {
      outcome: 'reject',
      reason: tombstone.status ? `has ${tombstone.status} here` : 'was erased here on request',
    };
  }
  if (row.status !== 'active') return decideOptOut(row.status, subscriber, { ...identified, overwritten }, now);
  if (subscriber?.status === 'active') return { outcome: 'unchanged', reason: 'is subscribed already' };
  if (subscriber?.status === 'pending') {
    return { outcome: 'unchanged', reason: 'has asked here and not confirmed yet' };
  }
  if (subscriber) return { outcome: 'reject', reason: `has ${subscriber.status} here` };
  const unproven = statement ? unlessStated(row, statement) : unlessProven(row, now);
  if (unproven) return { outcome: 'reject', reason: unproven };
  const created = newSubscriber(row, { ...identified, overwritten }, now);
  const { confirmedAt } = row;
  return {
    outcome: 'create',
    subscriber: { ...created, status: 'active', ...(!statement && confirmedAt && { confirmedAt }) },
  };
}

/** Why the file is no proof that its owner confirmed; undefined when it is. */
function unlessProven({ confirmedAt, confirmedIp }: ImportRow, now: number): string | undefined {
  if (confirmedAt === undefined || !confirmedIp) {
    const missing = confirmedAt === undefined ? 'when its owner confirmed' : 'from which IP its owner confirmed';
    return `the file doesn't say ${missing}: ask them to sign up`;
  }
  return confirmedAt < earliestConfirmation || confirmedAt > now
    ? 'the time of its confirmation can’t be true'
    : undefined;
}

/** Why the operator's word does not hold for a row; undefined when it does. */
function unlessStated(
  { addedAt }: ImportRow,
  { confirmedBefore, undated }: Statement & { undated?: boolean },
): string | undefined {
  if (addedAt === undefined && undated) return undefined;
  if (addedAt === undefined) return 'the file doesn’t say when they joined: ask them to sign up';
  return addedAt < confirmedBefore ? undefined : 'they joined after the time for which there is a proof';
}

function decideOptOut(
  status: (typeof optOuts)[number],
  known: Subscriber | undefined,
  identified: Identified & { overwritten: Subscriber | undefined },
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
  { id, address, mark, overwritten }: Identified & { overwritten: Subscriber | undefined },
  now: number,
): Omit<Subscriber, 'status'> & { status: 'pending' } {
  // A zone that is not known here is no reason to lose a reader.
  const wished = preferencesSchema.safeParse(timeZone ? { timeZone } : {});
  const preferences = wished.data ?? preferencesSchema.parse({});
  // The put asks for both, as they were read.
  const written = { createdAt: overwritten?.createdAt ?? now, revision: overwritten?.revision ?? 0 };
  return { id, address, status: 'pending', preferences, importedAs: mark, ...written };
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
