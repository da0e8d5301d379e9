import { parseAddress } from '../../shared/subscribers/address.ts';
import { type Cell, type Format, reading, readTime, reject, type Status } from './formats.ts';

/** The guessed form of a file without a known format: a list of addresses, or SES's own suppression list. */
export interface Guess {
  format: Format;
  /** Names of its columns, made up if it has none. */
  header: string[];
  /** Whether its first line is a row already. */
  isHeaderless: boolean;
}

/** Names of the column with the address, without spaces and signs. */
const addressNames = new Set([
  ...[
    'email',
    'emailaddress',
    'mail',
    'mailaddress',
    'emailid',
    'address',
    'subscriber',
    'subscriberemail',
    'useremail',
  ],
  ...[
    'emailadresse',
    'mailadresse',
    'courriel',
    'adressemail',
    'correo',
    'correoelectronico',
    'recipient',
    'destination',
  ],
]);
/** Names of the column with the day of joining. */
const joinedNames = new Set([
  ...['createdat', 'created', 'creationdate', 'date', 'dateadded', 'joined', 'joinedat', 'subscribedat', 'signupdate'],
  ...['signedupat', 'subscriptiondate', 'addedat'],
]);

const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

const reasons: Record<string, Status> = { bounce: 'bounced', complaint: 'complained' };

/** An address of SES's suppression list. Its reason is BOUNCE or COMPLAINT. */
export function readSuppressed(email: string, reason: string): ReturnType<Format['read']> {
  const status = reasons[reason.trim().toLowerCase()];
  return status
    ? reading(email, status)
    : reject(`its reason "${reason.slice(0, 40)}" is neither BOUNCE nor COMPLAINT`);
}

/**
 * Reads the first line of a file as the header of a list of addresses, or as its first row.
 * @returns undefined when it has neither an address nor the name of a column of addresses
 */
export function guessList(cells: string[]): Guess | undefined {
  const named = cells.findIndex(name => addressNames.has(bare(name)));
  const isHeaderless = named < 0;
  const at = isHeaderless ? cells.findIndex(cell => parseAddress(cell).ok) : named;
  if (at < 0) return undefined;
  const header = isHeaderless ? cells.map((_, index) => `column ${index + 1}`) : cells;
  const nameAt = (index: number) => (header[index] ?? '').trim().toLowerCase();
  const reasonAt = isHeaderless
    ? cells.findIndex(cell => cell.trim().toLowerCase() in reasons)
    : cells.findIndex(name => bare(name) === 'reason');
  const address = nameAt(at);
  if (reasonAt >= 0) {
    const reason = nameAt(reasonAt);
    const read = (cell: Cell) => readSuppressed(cell(address), cell(reason));
    return { format: { service: 'ses', reads: [address, reason], read }, header, isHeaderless };
  }
  const joinedAt = isHeaderless ? -1 : cells.findIndex(name => joinedNames.has(bare(name)));
  const joined = joinedAt < 0 ? undefined : nameAt(joinedAt);
  const read = (cell: Cell) => {
    const addedAt = joined === undefined ? undefined : readTime(cell(joined));
    return reading(cell(address), 'active', addedAt === undefined ? {} : { addedAt });
  };
  return { format: { service: 'list', reads: [address, ...(joined ? [joined] : [])], read }, header, isHeaderless };
}

/** The delimiter of a file's cells: the one that its first line has most of, outside of quotes. */
export function delimiterOf(line: string): string {
  const unquoted = line.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => unquoted.split(delimiter).length - 1;
  const [best = ','] = [',', ';', '\t', '|'].toSorted((a, b) => count(b) - count(a));
  return count(best) > 0 ? best : ',';
}

/**
 * The entries of SES's suppression list, as its command line prints it, or one a line; undefined for any other text.
 */
export function suppressedIn(text: string): { email: string; reason: string }[] | undefined {
  const whole = parseJson(text);
  const entries =
    whole === undefined
      ? text
          .split('\n')
          .filter(line => line.trim() !== '')
          .map(parseJson)
      : listIn(whole);
  if (!entries?.every(isObject)) return undefined;
  return entries.map(entry => ({
    email: String(entry.EmailAddress ?? entry.emailAddress ?? ''),
    reason: String(entry.Reason ?? entry.reason ?? ''),
  }));
}

function listIn(json: unknown): unknown[] | undefined {
  if (Array.isArray(json)) return json;
  if (!isObject(json)) return undefined;
  const list = json.SuppressedDestinationSummaries;
  return Array.isArray(list) ? list : [json];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
