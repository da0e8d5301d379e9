import type { ImportRow, importServices } from '../../shared/imports/row.ts';

/** A row of a file before its address is checked, or the reason that it can't be understood. */
export type RowReading = { ok: true; row: Omit<ImportRow, 'line'> } | { ok: false; reason: string };

/** A cell by the name of its column, in lower case; undefined when there is no such column. */
export type Cells = (column: string) => string | undefined;
/** The same, with the empty text for a missing column. */
export type Cell = (column: string) => string;

export interface Format {
  service: (typeof importServices)[number];
  /** Columns that are read, in lower case. The others are left out. */
  reads: string[];
  read: (cell: Cell, cells: Cells) => RowReading;
}

/** The columns of a service's file. Names are compared in lower case. */
interface Definition extends Format {
  /** All of these, and one of each group. */
  columns: string[];
  oneOf: string[][];
}

export type Status = ImportRow['status'];

export const reject = (reason: string): RowReading => ({ ok: false, reason });

export function reading(
  email: string,
  status: Status,
  others: Omit<ImportRow, 'line' | 'email' | 'status'> = {},
): RowReading {
  if (email === '') return reject('there is no address in it');
  return { ok: true, row: { email, status, ...others } };
}

/**
 * `2015-03-16 14:40:47` (UTC, as Mailchimp writes it), ISO 8601, or `2024-01-31 08:00:00 +0000 UTC`.
 * @returns epoch ms; undefined when it is no time
 */
export function readTime(text: string): number | undefined {
  const parts =
    /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?)?(?: *(Z|UTC|[+-]\d{2}:?\d{2}))?(?: +\w+)?$/.exec(
      text.trim(),
    );
  if (!parts) return undefined;
  const [, date, time = '00:00', zone = 'Z'] = parts;
  const at = Date.parse(`${date}T${time}${zone === 'UTC' ? 'Z' : zone.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
  return Number.isNaN(at) ? undefined : at;
}

/** The proof of a confirmation: the time alone, or with its IP. */
function proofOf(time: string, ip: string): Pick<ImportRow, 'confirmedAt' | 'confirmedIp'> {
  const confirmedAt = readTime(time);
  return {
    ...(confirmedAt !== undefined && { confirmedAt }),
    ...(/^[0-9a-fA-F.:]{3,45}$/.test(ip) && { confirmedIp: ip }),
  };
}

const mailchimpStatuses: Record<string, Status> = {
  subscribed: 'active',
  unsubscribed: 'unsubscribed',
  archived: 'unsubscribed',
  cleaned: 'bounced',
};

/** Three files: subscribed, unsubscribed (UNSUB_TIME) and cleaned (CLEAN_TIME), which bounced. */
function readMailchimp(cell: Cell, cells: Cells): RowReading {
  const email = cell('email address');
  const left = ['unsub_time', 'unsub_reason', 'unsub_campaign_title', 'unsub_campaign_id'].some(name => cell(name));
  if (/abuse|spam|complain/i.test(cell('unsub_reason'))) return reading(email, 'complained');
  if (cell('clean_time')) return reading(email, 'bounced');
  if (left) return reading(email, 'unsubscribed');
  const said = cell('status').toLowerCase();
  if (said === '' && (cells('unsub_time') ?? cells('clean_time')) !== undefined) {
    return reject('its file is one of those who left, and it doesn’t say when');
  }
  const status = said === '' ? 'active' : Object.hasOwn(mailchimpStatuses, said) ? mailchimpStatuses[said] : undefined;
  if (!status) return reject(`its status "${said.slice(0, 40)}" is no confirmed subscription`);
  if (status !== 'active') return reading(email, status);
  const zone = cell('timezone');
  // A subscriber whom the list's owner added has a time here and no IP.
  const proof = proofOf(cell('confirm_time'), cell('confirm_ip'));
  return reading(email, 'active', { ...proof, ...(zone && zone.length <= 64 && { timeZone: zone }) });
}

const buttondownStatuses: Record<string, Status> = Object.fromEntries([
  ...['regular', 'premium', 'trialed', 'gifted', 'unpaid', 'past_due', 'paused', 'churning', 'churned'].map(type => [
    type,
    'active',
  ]),
  ...['unsubscribed', 'removed', 'upcoming_unsubscription'].map(type => [type, 'unsubscribed']),
  ...['undeliverable', 'bounced', 'disabled', 'blocked'].map(type => [type, 'bounced']),
  ...['complained', 'spammy'].map(type => [type, 'complained']),
]);

/** Sources of subscribers who did not sign up themselves, and so confirmed nothing. */
const buttondownOthers = /import|admin|user|api|zapier|integration/;

/** One file. A subscriber is `unactivated` until they press the button in the confirmation mail. */
function readButtondown(cell: Cell): RowReading {
  const email = cell('email') || cell('email_address');
  const type = (cell('subscriber_type') || cell('type')).toLowerCase();
  const status = Object.hasOwn(buttondownStatuses, type) ? buttondownStatuses[type] : undefined;
  if (status === 'complained') return reading(email, status);
  if (status === 'bounced' || cell('undeliverability_date')) return reading(email, 'bounced');
  if (status === 'unsubscribed' || cell('unsubscription_date')) return reading(email, 'unsubscribed');
  if (!status) return reject(`its type "${type.slice(0, 40)}" is no confirmed subscription`);
  if (buttondownOthers.test(cell('source').toLowerCase())) return reading(email, 'active');
  return reading(email, 'active', proofOf(cell('creation_date'), cell('ip_address')));
}

/** One file, without confirmations. */
function readSubstack(cell: Cell): RowReading {
  const left = /^(true|1|yes)$/i.test(cell('email_disabled'));
  return reading(cell('email'), left ? 'unsubscribed' : 'active', joined(cell));
}

/** The time of joining, for a service without confirmations. */
function joined(cell: Cell): Pick<ImportRow, 'addedAt'> {
  const addedAt = readTime(cell('created_at'));
  return addedAt === undefined ? {} : { addedAt };
}

const listmonkStatuses: Record<string, Status> = {
  enabled: 'active',
  disabled: 'unsubscribed',
  blocklisted: 'unsubscribed',
};

/**
 * One file, without confirmations and without the lists that a subscriber left: `status` is about all lists together.
 * So listmonk's own filter decides which subscribers the file has: those who confirmed for a list, or those who left
 * it.
 */
function readListmonk(cell: Cell): RowReading {
  const said = cell('status').toLowerCase();
  const status = Object.hasOwn(listmonkStatuses, said) ? listmonkStatuses[said] : undefined;
  return status
    ? reading(cell('email'), status, joined(cell))
    : reject(`its status "${said.slice(0, 40)}" is not known`);
}

const definitions: Definition[] = [
  {
    service: 'mailchimp',
    columns: ['email address'],
    oneOf: [['optin_time', 'confirm_time', 'unsub_time', 'clean_time', 'leid', 'euid']],
    reads: [
      ...['email address', 'status', 'timezone', 'confirm_time', 'confirm_ip', 'unsub_time', 'unsub_reason'],
      ...['unsub_campaign_title', 'unsub_campaign_id', 'clean_time'],
    ],
    read: readMailchimp,
  },
  {
    service: 'buttondown',
    columns: ['creation_date'],
    oneOf: [
      ['email', 'email_address'],
      ['subscriber_type', 'type'],
    ],
    reads: [
      ...['email', 'email_address', 'subscriber_type', 'type', 'source', 'creation_date', 'ip_address'],
      ...['undeliverability_date', 'unsubscription_date'],
    ],
    read: readButtondown,
  },
  {
    service: 'substack',
    columns: ['email', 'active_subscription'],
    oneOf: [],
    reads: ['email', 'email_disabled', 'created_at'],
    read: readSubstack,
  },
  {
    service: 'listmonk',
    columns: ['uuid', 'email', 'status'],
    oneOf: [],
    reads: ['email', 'status', 'created_at'],
    read: readListmonk,
  },
];

/** The format with these columns; undefined when no format has them. */
export function detectFormat(header: string[]): Format | undefined {
  const columns = new Set(header.map(name => name.trim().toLowerCase()));
  return definitions.find(
    ({ columns: needed, oneOf }) =>
      needed.every(name => columns.has(name)) && oneOf.every(group => group.some(name => columns.has(name))),
  );
}

/** The cells of a row by the header's names. Of two columns with one name, the first that is not empty counts. */
export function cellsOf(header: string[], cells: string[]): Cells {
  const byName = new Map<string, string>();
  for (const [index, name] of header.entries()) {
    const key = name.trim().toLowerCase();
    if (!byName.get(key)) byName.set(key, (cells[index] ?? '').trim());
  }
  return column => byName.get(column);
}
