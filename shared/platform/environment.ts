import * as z from 'zod';
import { type FunctionName, functions, type TableOf } from './resources.ts';
import { type SettingOf, settingsOf, settingVariables } from './settings.ts';
import { type TableName, tables } from './tables.ts';

/** The environment variables of a deployed function, beside its tables. `infra/` and `local/` set the same ones. */
const variables = {
  ...settingVariables,
  SIGNUPS_QUEUE_URL: z.url(),
  BATCHES_QUEUE_URL: z.url(),
  EVENT_BUS_NAME: z.string().min(1),
  /** The deployment's name, which is the namespace of its metrics. The metrics library reads the variable itself. */
  POWERTOOLS_METRICS_NAMESPACE: z.string().min(1).default('daily-papers'),
  /** Base of every link in mails and pages, without a trailing slash. */
  PUBLIC_URL: z.url().transform(url => url.replace(/(?<!\/)\/+$/, '')),
  CONFIGURATION_SET: z.string().default(''),
  /** Of the mail with the link to the kept data: it also reaches addresses on SES's suppression list. */
  DATA_CONFIGURATION_SET: z.string().default(''),
  /** Whether the public API answers only requests that come through the stage's CDN. */
  BEHIND_CDN: z
    .enum(['true', 'false'])
    .default('false')
    .transform(text => text === 'true'),
  /** Name of the SSM SecureString that holds the key ring. Without it, KEYS holds the key ring itself. */
  KEYS_PARAMETER: z.string().optional(),
  KEYS: z.string().optional(),
} as const;

type Variables = typeof variables;
type OtherVariable = Exclude<keyof Variables, keyof typeof settingVariables>;
type Given = Record<string, string | undefined>;
export type Environment<Name extends keyof Variables> = { [N in Name]: z.output<Variables[N]> };

/**
 * Reads the settings of a function (`settings.ts`), the names of the tables that it is granted (`resources.ts`), and the other
 * variables that it names.
 * @throws Error naming every variable that is missing or wrong, never its value, which may be a secret
 */
export function readEnvironment<Name extends FunctionName, Other extends OtherVariable = never>(
  name: Name,
  others: readonly Other[] = [],
  from: Given = process.env,
): Environment<SettingOf<Name> | Other> & { tables: Record<TableOf<Name>, string> } {
  const own = Object.keys(functions[name].tables) as TableOf<Name>[];
  const values = readAll([...settingsOf(name), ...others, ...own.map(variableOf)], from);
  return { ...(values as Environment<SettingOf<Name> | Other>), tables: namesOf(own, values) };
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
