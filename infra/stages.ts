import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';
import { settingOptions } from '../shared/platform/settings.ts';
import { hostName, isOrigin } from './domain-names.ts';
import { type Fault, faultsBetween } from './stage-rules.ts';

const days = Object.values(RetentionDays).filter(value => typeof value === 'number');

const most = z.coerce.number().int().min(1);

/** The settings of a deployment. Values from the command line arrive as text. */
const settingsSchema = z.strictObject({
  ...settingOptions(),
  existingIdentity: z
    .union([z.email(), hostName], 'must be a mail address or a domain')
    .optional()
    .describe(
      "the sender's address or domain, if SES knows it already; without it, the stack makes the domain's identity",
    ),
  dmarc: z
    .enum(['none', 'quarantine', 'reject', 'kept'])
    .default('none')
    .describe(
      "the DMARC treatment of mails forged in the name of the sender's domain; kept: its DMARC record stays as it is",
    ),
  domainName: hostName.optional().describe('the name under which the stack serves readers, like papers.example.org'),
  certificateArn: z
    .string()
    .regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of a certificate in ACM')
    .optional()
    .describe("the certificate of domainName, in the stage's region; without it, the stack makes one by hostedZoneId"),
  cdn: z
    .union([z.boolean(), z.stringbool()])
    .optional()
    .describe('whether CloudFront with a firewall stands before the API; needs domainName'),
  cdnCertificateArn: z
    .string()
    .regex(
      /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
      'must be the ARN of a certificate in us-east-1, where CloudFront looks for it',
    )
    .optional()
    .describe("the CDN's certificate of domainName; without it, the stack makes one by hostedZoneId"),
  hostedZoneId: z
    .string()
    .transform(id => id.replace(/^\/?hostedzone\//, ''))
    .pipe(z.string().regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone, like Z0123456789ABCDEFGHIJ'))
    .optional()
    .describe("the Route 53 zone in which the stack enters the records of domainName and of the sender's domain"),
  hostedZoneName: hostName
    .optional()
    .describe("the zone's name, if domainName or the sender's domain lies outside of it and is entered by hand"),
  publicUrl: z
    .url({ protocol: /^https$/ })
    .refine(isOrigin, 'must be an address like https://papers.example.org, without path, query or port')
    .transform(url => new URL(url).origin)
    .optional()
    .describe('the https address that readers see, if something else than domainName serves it'),
  receiptRuleSet: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores')
    .optional()
    .describe("name of the account's active SES receipt rule set, which gets the rule for unsubscribeAddress"),
  alarmEmail: z.email().optional().describe('the address that gets the alarms'),
  logRetentionDays: z.coerce
    .number()
    .refine(value => days.includes(value), `must be one of ${days.join(', ')}`)
    .default(RetentionDays.ONE_MONTH)
    .describe('days that logs are kept'),
  keepData: z
    .union([z.boolean(), z.stringbool()])
    .default(true)
    .describe('whether the tables outlive their stack and are protected from deletion'),
  sendRate: z.coerce
    .number()
    .positive()
    .max(10_000)
    .default(14)
    .describe('mails a second that SES lets the account send; it decides how many senders run at once'),
  apiReserve: most
    .optional()
    .describe("executions that the public API has to itself; the account's limit must be at least 100 higher"),
  redirectDomain: hostName
    .optional()
    .describe("a name below the sender's domain through which counted links lead, by a CDN, instead of SES's own"),
});

type SettingName = keyof typeof settingsSchema.shape;

/** Settings that are each valid alone. */
export type Settings = z.output<typeof settingsSchema>;

/** A checked deployment: its name, which is part of every stack's name, and its settings. */
export type Stage = Settings & { name: string };

const stageName = z.string().regex(/^[a-z][a-z0-9-]{0,15}$/, 'must be 1 to 16 lower-case letters, digits or hyphens');

/** Settings that the command line must not override: the next deployment would undo them, or no longer could. */
function faultsOfFile(file: Record<string, unknown> | undefined, { keepData }: Settings): Fault[] {
  if (keepData || !file || !settingsSchema.shape.keepData.parse(file.keepData)) return [];
  return [{ setting: 'keepData', is: 'is true for this stage in cdk.json: change it there if you mean it' }];
}

/** A line with the fault of a setting, and the setting's description. */
export const sentenceOf = ({ setting, is }: Fault): string => `  ${setting} ${is} (${aboutSetting(setting)})`;

const aboutSetting = (name: SettingName) => settingsSchema.shape[name]?.description ?? 'unknown';

function explain(stage: string, issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `  ${issue.keys.join(', ')}: no such setting`;
  const name = String(issue.path[0]) as SettingName;
  const about = aboutSetting(name);
  if (issue.code === 'invalid_type' && issue.input === undefined) {
    return `  ${name} is missing: ${about}. Give it with -c ${name}=… or in cdk.json under context.stages.${stage}.`;
  }
  return `  ${name}: ${issue.message} (${about})`;
}

/**
 * Reads the stage that the CDK context names (`stage`, by default `dev`) and its settings: `stages.<name>` of cdk.json,
 * overridden by `-c <setting>=<value>`.
 * @param region of the stage, if it is known yet
 * @throws Error with every missing or wrong setting, and how to give it
 */
export function readStage(context: (name: string) => unknown, region?: string): Stage {
  const parsedName = stageName.safeParse(context('stage') ?? 'dev');
  if (!parsedName.success) throw new Error(`The stage's name ${parsedName.error.issues[0]?.message}.`);
  const name = parsedName.data;

  const stages = (context('stages') ?? {}) as Record<string, Record<string, unknown>>;
  const given = Object.keys(settingsSchema.shape).flatMap(setting => {
    const value = context(setting);
    return value === undefined ? [] : [[setting, value] as const];
  });
  const parsed = settingsSchema.safeParse({ ...stages[name], ...Object.fromEntries(given) }, { reportInput: true });
  const faults = parsed.success
    ? [...faultsBetween(parsed.data, region), ...faultsOfFile(stages[name], parsed.data)].map(sentenceOf)
    : parsed.error.issues.map(issue => explain(name, issue));
  if (!parsed.success || faults.length > 0) {
    throw new Error(`The settings of stage "${name}" are incomplete:\n${faults.join('\n')}`);
  }
  return { ...parsed.data, name };
}

/** Whether a name from the command line is that of a setting. */
export const isSetting = (name: string): boolean => Object.hasOwn(settingsSchema.shape, name);

/** Names of a stage's stacks. */
export const dataStackOf = ({ name }: { name: string }): string => `daily-papers-${name}-data`;
export const domainStackOf = ({ name }: { name: string }): string => `daily-papers-${name}-domain`;
export const serviceStackOf = ({ name }: { name: string }): string => `daily-papers-${name}-service`;

/** Name of the SSM SecureString that holds a stage's key ring. */
export function keysParameterOf(stage: { name: string }): string {
  return `/daily-papers/${stage.name}/keys`;
}

/** The name under which the gateway serves a domain that leads to a CDN. */
export function originNameOf(domainName: string): string {
  return `origin.${domainName}`;
}

/** The name under which the gateway serves a stage, if any: the one that readers see, or the one that the CDN asks. */
export function gatewayNameOf({ domainName, cdn }: Pick<Stage, 'domainName' | 'cdn'>): string | undefined {
  return domainName && cdn ? originNameOf(domainName) : domainName;
}

/** Name of the stack in the CDN's region. */
export function cdnStackNameOf(stage: { name: string }): string {
  return `daily-papers-${stage.name}-cdn`;
}
