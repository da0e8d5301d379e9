import * as z from 'zod';
import { type FunctionName, functions, type TableOf } from './resources.ts';
import { type TableName, tables } from './tables.ts';

/** The environment variables of a deployed function, beside its tables. `infra/` and `local/` set the same ones. */
const variables = {
  SIGNUPS_QUEUE_URL: z.url(),
  BATCHES_QUEUE_URL: z.url(),
  EVENT_BUS_NAME: z.string().min(1),
  /** The deployment's name, which is the namespace of its metrics. The metrics library reads the variable itself. */
  POWERTOOLS_METRICS_NAMESPACE: z.string().min(1).default('daily-papers'),
  /** Base of every link in mails and pages, without a trailing slash. */
  PUBLIC_URL: z.url().transform(url => url.replace(/(?<!\/)\/+$/, '')),
  SENDER_ADDRESS: z.email(),
  SENDER_NAME: z.string().min(1).default('Daily Papers'),
  /** The address that answers to mails go to; by default the sender's. */
  REPLY_TO: z.email().optional(),
  /** Shown in each mail's footer, as anti-spam laws ask. */
  POSTAL_ADDRESS: z.string().default(''),
  /** The address that unsubscribing mails go to (a receipt rule of SES). */
  UNSUBSCRIBE_ADDRESS: z.email().optional(),
  /** Comma-separated hosts to which mails may link, besides those that every stage has. */
  LINK_HOSTS: z
    .string()
    .default('')
    .transform(list => list.split(',').flatMap(host => host.trim().toLowerCase() || [])),
  CONFIGURATION_SET: z.string().default(''),
  /** Whether SES counts opens and clicks of digests, for that configuration set. */
  TRACK_OPENS_AND_CLICKS: z
    .enum(['true', 'false'])
    .default('false')
    .transform(text => text === 'true'),
  /** Whether the public API answers only requests that come through the stage's CDN. */
  BEHIND_CDN: z
    .enum(['true', 'false'])
    .default('false')
    .transform(text => text === 'true'),
  /** Comma-separated origins that may call the API from a browser. */
  ALLOWED_ORIGINS: z
    .string()
    .default('')
    .transform(list => list.split(',').flatMap(origin => origin.trim() || [])),
  /** The share of the sending rate and quota that is kept for confirmation mails. */
  CONFIRMATION_SHARE: z.coerce.number().min(0).max(0.9).default(0.1),
  /** This stage's share of the account's sending rate and daily quota; other stages have the rest. */
  RATE_SHARE: z.coerce.number().positive().max(1).default(1),
  /** Seconds to wait for an event of SES that proves that an unknown delivery went out. */
  EVIDENCE_SECONDS: z.coerce.number().int().min(1).default(3_600),
  /** Whether an unknown delivery without such an event is sent once more. */
  RESEND_UNKNOWN: z
    .enum(['true', 'false'])
    .default('true')
    .transform(text => text === 'true'),
  /** A digest halts by itself above these rates of bounces and complaints, once these least counts are reached. */
  HALT_LEAST_SENT: z.coerce.number().int().min(1).default(500),
  HALT_BOUNCE_RATE: z.coerce.number().positive().max(1).default(0.05),
  HALT_LEAST_BOUNCES: z.coerce.number().int().min(1).default(10),
  HALT_LEAST_COMPLAINTS: z.coerce.number().int().min(1).default(5),
  HALT_LEAST_DOMAINS: z.coerce.number().int().min(1).default(3),
  HALT_COMPLAINT_RATE: z.coerce.number().positive().max(1).default(0.001),
  /** The mail that daily readers get for a day without papers: none, or a note. */
  EMPTY_DAYS: z.enum(['silent', 'note']).default('silent'),
  /** The treatment of throw-away addresses at sign-up. */
  DISPOSABLE_DOMAINS: z.enum(['allow', 'flag', 'refuse']).default('flag'),
  /**
   * Most requests for a mail (sign-ups and manage links): by address, by mailbox, by domain, by network (/24, /56), in
   * all.
   */
  REQUESTS_PER_ADDRESS_HOUR: z.coerce.number().int().min(1).default(4),
  REQUESTS_PER_MAILBOX_DAY: z.coerce.number().int().min(1).default(10),
  REQUESTS_PER_DOMAIN_DAY: z.coerce.number().int().min(1).default(50),
  REQUESTS_PER_NETWORK_HOUR: z.coerce.number().int().min(1).default(60),
  REQUESTS_PER_HOUR: z.coerce.number().int().min(1).default(5_000),
  /** Most votes and saves of one subscriber in an hour, and most submissions in a day. */
  VOTES_PER_SUBSCRIBER_HOUR: z.coerce.number().int().min(1).default(120),
  SUBMISSIONS_PER_SUBSCRIBER_DAY: z.coerce.number().int().min(1).default(10),
  /**
   * Days for which records about a subscriber are kept after leaving. Three years: so long may a person ask for the
   * proof that a mail was asked for (the usual limitation period, as in § 195 BGB).
   */
  KEPT_AFTER_LEAVING_DAYS: z.coerce.number().int().min(30).default(1_095),
  HUGGING_FACE_URL: z.url().default('https://huggingface.co'),
  ARXIV_URL: z.url().default('https://export.arxiv.org'),
  ARXIV_FEED_URL: z.url().default('https://rss.arxiv.org'),
  /**
   * Comma-separated categories whose papers are taken in each day (`cs.AI,cs.CL`). Without any, papers are only looked
   * up at arXiv.
   */
  ARXIV_CATEGORIES: z
    .string()
    .default('')
    .transform(list => list.split(',').flatMap(category => category.trim() || []))
    .pipe(z.array(z.string().regex(/^[a-z-]+(\.[A-Za-z-]+)?$/, 'not an arXiv category like cs.AI'))),
  /** Address of the Daily Papers page as text. Without it, that source is not read. */
  PAGE_URL: z.url().optional(),
  /** Name of the SSM SecureString that holds the key ring. Without it, KEYS holds the key ring itself. */
  KEYS_PARAMETER: z.string().optional(),
  KEYS: z.string().optional(),
} as const;

type Variables = typeof variables;
type Given = Record<string, string | undefined>;
export type Environment<Name extends keyof Variables> = { [N in Name]: z.output<Variables[N]> };

/**
 * Reads the named variables, and the names of the tables that the function is granted (`resources.ts`).
 * @throws Error naming every variable that is missing or wrong, never its value, which may be a secret
 */
export function readEnvironment<Name extends FunctionName, Setting extends keyof Variables = never>(
  name: Name,
  settings: readonly Setting[] = [],
  from: Given = process.env,
): Environment<Setting> & { tables: Record<TableOf<Name>, string> } {
  const own = Object.keys(functions[name].tables) as TableOf<Name>[];
  const values = readAll([...settings, ...own.map(variableOf)], from);
  return { ...(values as Environment<Setting>), tables: namesOf(own, values) };
}

/** Reads and checks the named settings. @throws Error as `readEnvironment` does */
export function readSettings<Name extends keyof Variables>(names: readonly Name[], from: Given): Environment<Name> {
  return readAll(names, from) as Environment<Name>;
}

/** Reads the deployed names of tables. @throws Error as `readEnvironment` does */
export function readTables<Name extends TableName>(own: readonly Name[], from: Given): Record<Name, string> {
  return namesOf(own, readAll(own.map(variableOf), from));
}

const variableOf = (table: TableName) => tables[table].environment;
const tableNameSchema = z.string().min(1);

function namesOf<Name extends TableName>(own: readonly Name[], values: Record<string, unknown>) {
  return Object.fromEntries(own.map(table => [table, values[variableOf(table)]])) as Record<Name, string>;
}

function readAll(names: readonly string[], from: Given): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  const faults: string[] = [];
  for (const name of names) {
    const schema = name in variables ? variables[name as keyof Variables] : tableNameSchema;
    const parsed = schema.safeParse(from[name] === '' ? undefined : from[name]);
    if (parsed.success) result[name] = parsed.data;
    else faults.push(`${name}: ${parsed.error.issues.map(issue => issue.message).join(', ')}`);
  }
  if (faults.length > 0) throw new Error(`The function's environment is incomplete. ${faults.join('; ')}`);
  return result;
}
