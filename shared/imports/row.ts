import * as z from 'zod';
import type { Statement } from '../consents/record.ts';
import { longestTyped, parseAddress } from '../subscribers/address.ts';
import type { Tombstone } from '../subscribers/items.ts';
import { type KeyRing, subscriberIdOf } from '../subscribers/keys.ts';
import { hasVanished, preferencesSchema, type Subscriber, statusReasons } from '../subscribers/subscriber.ts';
import { instantSchema } from '../time/instant.ts';

/** The kinds of files: exports of services, `list` (a plain list of addresses), `ses` (the suppression list of SES). */
export const importServices = ['mailchimp', 'buttondown', 'substack', 'listmonk', 'list', 'ses'] as const;

const optOuts = ['unsubscribed', 'bounced', 'complained'] as const;

/** One row of a file, in the project's own terms. */
export const importRowSchema = z.strictObject({
  /** The line of the file on which the row begins, from 1. */
  line: z.int().min(1),
  email: z.string().max(longestTyped),
  status: z.enum(['active', ...optOuts]),
  /** The time at which the owner confirmed there, epoch ms. It is a proof only with the IP of the confirmation. */
  confirmedAt: instantSchema.optional(),
  confirmedIp: z.string().max(64).optional(),
  /** The time of joining a service whose file tells of no confirmation, epoch ms. */
  addedAt: instantSchema.optional(),
  timeZone: z.string().max(64).optional(),
});

export type ImportRow = z.infer<typeof importRowSchema>;

/** Services whose files tell of no confirmation. For them the operator's statement counts, and is stored. */
export const silentServices: readonly string[] = [
  'substack',
  'listmonk',
  'list',
] satisfies (typeof importServices)[number][];

/** The decision for one row. `stop`: a stored subscriber is no longer mailed. */
export type ImportDecision =
  | { outcome: 'create'; subscriber: Subscriber }
  | { outcome: 'stop'; subscriber: Subscriber }
  | { outcome: 'unchanged'; reason: string }
  | { outcome: 'reject'; reason: string };

/** No service confirmed by mail before 1995: an earlier time (epoch ms) is damaged. */
const earliestConfirmation = Date.UTC(1995, 0, 1);

const words = { unsubscribed: 'unsubscribed', bounced: 'bounced', complained: 'complained' } as const;

/** The strength of a status against mailing an address. A stop after soft bounces may be lifted, so it is 0. */
function severityOf({ status, statusReason }: Pick<Subscriber, 'status' | 'statusReason'>): number {
  if (status === 'complained') return 3;
  if (status === 'bounced') return statusReason === statusReasons.softBounces ? 0 : 2;
  return status === 'unsubscribed' ? 1 : 0;
}

/** The subscriber of a row. `mark` names the import and the row in `importedAs`. */
interface Identified {
  id: string;
  address: string;
  mark: string;
}

/**
 * Decides on an imported row. A pure function. An opt-out, stored or in the file, wins over any consent:
 * [no opt-out comes back](docs/invariants.md#7). A row becomes active only with the proof of an earlier confirmation:
 * the file's, or, if its service tells of none, the operator's statement.
 * @param statement `undated`: it also covers rows without a day of joining, as in a plain list
 */
export function decideImport(
  row: ImportRow,
  known: { subscriber: Subscriber | undefined; tombstone: Tombstone | undefined },
  identified: Identified,
  statement: (Statement & { undated?: boolean }) | undefined,
  now: number,
): ImportDecision {
  const { tombstone, subscriber: stored } = known;
  // A request that was not confirmed in time is gone, also if DynamoDB has not deleted it yet.
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

/** The reason why a row is no proof of a confirmation; undefined if it is one. */
function unlessProven({ confirmedAt, confirmedIp }: ImportRow, now: number): string | undefined {
  if (confirmedAt === undefined || !confirmedIp) {
    const missing = confirmedAt === undefined ? 'when its owner confirmed' : 'from which IP its owner confirmed';
    return `the file doesn't say ${missing}: ask them to sign up`;
  }
  return confirmedAt < earliestConfirmation || confirmedAt > now
    ? 'the time of its confirmation can’t be true'
    : undefined;
}

/** The reason why the operator's statement does not cover a row; undefined if it does. */
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
  // A row with an unknown time zone is imported all the same, with UTC.
  const wished = preferencesSchema.safeParse(timeZone ? { timeZone } : {});
  const preferences = wished.data ?? preferencesSchema.parse({});
  // The put needs both as they were read.
  const written = { createdAt: overwritten?.createdAt ?? now, revision: overwritten?.revision ?? 0 };
  return { id, address, status: 'pending', preferences, importedAs: mark, ...written };
}

/** The subscriber id and the address of a row. */
export function identify(
  keys: KeyRing,
  email: string,
): { ok: true; id: string; address: string } | { ok: false; reason: string } {
  const parsed = parseAddress(email);
  if (!parsed.ok) return parsed;
  return { ok: true, id: subscriberIdOf(keys, parsed.address.identity), address: parsed.address.delivery };
}
