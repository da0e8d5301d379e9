import * as z from 'zod';
import { limitSettings } from './limit-settings.ts';
import type { FunctionName } from './resources.ts';
import { most, rate, type Setting, share } from './setting.ts';

/*
 * Settings of a stage that functions read, each defined once: the environment variable with its schema and default, and the option
 * by which a stage gives it (`-c option=…`, cdk.json) with its schema and its description. A setting that a stage doesn't give is
 * handed to no function, which then has the default. Options that shape the stack itself are in `infra/stages.ts`.
 */

/** Those that compose mails, and those that ask the sources of papers. */
const mailing = ['publish-digest', 'admin-api', 'enroll-subscribers', 'send-digest'] as const;
const fetching = ['ingest-papers', 'admin-api'] as const;

export const settings = {
  SENDER_ADDRESS: {
    option: 'senderAddress',
    readBy: [...mailing, 'public-api'],
    schema: z.email(),
    variable: z.email(),
    about: 'the address that mails come from',
  },
  SENDER_NAME: {
    option: 'senderName',
    readBy: mailing,
    schema: z.string().min(1).default('Daily Papers'),
    variable: z.string().min(1).default('Daily Papers'),
    about: 'the name beside the sender address',
  },
  /** Shown in each mail's footer, as anti-spam laws ask. */
  POSTAL_ADDRESS: {
    option: 'postalAddress',
    readBy: mailing,
    schema: z.string().trim().default(''),
    variable: z.string().default(''),
    about: "the sender's postal address, shown in each mail's footer",
  },
  /** Comma-separated hosts to which mails may link, besides those that every stage has. */
  LINK_HOSTS: {
    option: 'linkHosts',
    readBy: mailing,
    schema: z
      .string()
      .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+(,[a-z0-9-]+(\.[a-z0-9-]+)+)*$/, 'must be host names like papers.example.org')
      .optional(),
    variable: z
      .string()
      .default('')
      .transform(list => list.split(',').flatMap(host => host.trim().toLowerCase() || [])),
    about: 'comma-separated hosts to which mails may link, besides those in shared/email/links.ts',
  },
  /** Whether SES counts opens and clicks of digests, for that configuration set. */
  TRACK_OPENS_AND_CLICKS: {
    option: 'trackOpensAndClicks',
    readBy: mailing,
    schema: z.union([z.boolean(), z.stringbool()]).default(false),
    variable: z
      .enum(['true', 'false'])
      .default('false')
      .transform(text => text === 'true'),
    about: 'whether SES counts who opens a digest and follows its links; readers must have agreed to it',
  },
  /** Comma-separated origins that may call the API from a browser. */
  ALLOWED_ORIGINS: {
    option: 'allowedOrigins',
    readBy: ['public-api'],
    schema: z
      .union([z.array(z.string()), z.string().transform(list => list.split(',').map(origin => origin.trim()))])
      .pipe(
        z.array(z.url().refine(origin => new URL(origin).origin === origin, 'not an origin like https://example.com')),
      )
      .default([]),
    variable: z
      .string()
      .default('')
      .transform(list => list.split(',').flatMap(origin => origin.trim() || [])),
    about: 'comma-separated origins of browser front ends that may call the API',
  },
  /** This stage's share of the account's sending rate and daily quota; other stages have the rest. */
  RATE_SHARE: {
    option: 'rateShare',
    readBy: ['send-digest'],
    schema: share.default(1),
    variable: z.coerce.number().positive().max(1).default(1),
    about: "this stage's share of the account's sending rate and daily quota; those of all its stages add up to 1",
  },
  /**
   * Comma-separated categories whose papers are taken in each day (`cs.AI,cs.CL`). Without any, papers are only looked
   * up at arXiv.
   */
  ARXIV_CATEGORIES: {
    option: 'arxivCategories',
    readBy: fetching,
    schema: z
      .string()
      .regex(/^[a-z-]+(\.[A-Za-z-]+)?(,[a-z-]+(\.[A-Za-z-]+)?)*$/, 'must be categories like cs.AI,cs.CL')
      .optional(),
    variable: z
      .string()
      .default('')
      .transform(list => list.split(',').flatMap(category => category.trim() || []))
      .pipe(z.array(z.string().regex(/^[a-z-]+(\.[A-Za-z-]+)?$/, 'not an arXiv category like cs.AI'))),
    about: 'comma-separated arXiv categories whose new papers are taken in each day; without it, none are',
  },
  /** The address that answers to mails go to; by default the sender's. */
  REPLY_TO: {
    option: 'replyTo',
    readBy: [...mailing, 'public-api'],
    schema: z.email().optional(),
    variable: z.email().optional(),
    about: 'where answers to mails go; without it, to the sender',
  },
  /** The address that unsubscribing mails go to (a receipt rule of SES). */
  UNSUBSCRIBE_ADDRESS: {
    option: 'unsubscribeAddress',
    readBy: mailing,
    schema: z.email().optional(),
    variable: z.email().optional(),
    about: 'where SES receives mails that unsubscribe; needs receiptRuleSet',
  },
  /** Address of the Daily Papers page as text. Without it, that source is not read. */
  PAGE_URL: {
    option: 'pageUrl',
    readBy: fetching,
    schema: z.url().optional(),
    variable: z.url().optional(),
    about: 'address of a Daily Papers page as text; without it, that source is not asked',
  },
  ARXIV_URL: {
    option: 'arxivUrl',
    readBy: fetching,
    schema: z.url().optional(),
    variable: z.url().default('https://export.arxiv.org'),
    about: "another host for arXiv's query API",
  },
  ARXIV_FEED_URL: {
    option: 'arxivFeedUrl',
    readBy: fetching,
    schema: z.url().optional(),
    variable: z.url().default('https://rss.arxiv.org'),
    about: "another host for arXiv's daily feeds",
  },
  HUGGING_FACE_URL: {
    option: 'huggingFaceUrl',
    readBy: fetching,
    schema: z.url().optional(),
    variable: z.url().default('https://huggingface.co'),
    about: 'another host for the Hugging Face daily-papers API',
  },
  /** The share of the sending rate and quota that is kept for confirmation mails. */
  CONFIRMATION_SHARE: {
    option: 'confirmationShare',
    readBy: ['send-digest'],
    schema: z.coerce.number().min(0).max(0.9).optional(),
    variable: z.coerce.number().min(0).max(0.9).default(0.1),
    about: "share of the account's sending rate and daily quota that is kept for confirmation mails",
  },
  /** Seconds to wait for an event of SES that proves that an unknown delivery went out. */
  EVIDENCE_SECONDS: {
    option: 'evidenceSeconds',
    readBy: ['send-digest'],
    schema: most.optional(),
    variable: most.default(3_600),
    about: "seconds to wait for SES's word that a mail went out, where its answer was lost",
  },
  /** Whether an unknown delivery without such an event is sent once more. */
  RESEND_UNKNOWN: {
    option: 'resendUnknown',
    readBy: ['send-digest'],
    schema: z.union([z.boolean(), z.stringbool()]).optional(),
    variable: z
      .enum(['true', 'false'])
      .default('true')
      .transform(text => text === 'true'),
    about: 'whether a mail without such a word is sent once more',
  },
  /** A digest halts by itself above these rates of bounces and complaints, once these least counts are reached. */
  HALT_LEAST_SENT: {
    option: 'haltLeastSent',
    readBy: ['process-feedback'],
    schema: most.optional(),
    variable: most.default(500),
    about: 'mails of a digest before its bounces and complaints can halt it',
  },
  HALT_BOUNCE_RATE: {
    option: 'haltBounceRate',
    readBy: ['process-feedback'],
    schema: rate.optional(),
    variable: rate.default(0.05),
    about: 'share of bounces at which a digest halts',
  },
  HALT_COMPLAINT_RATE: {
    option: 'haltComplaintRate',
    readBy: ['process-feedback'],
    schema: rate.optional(),
    variable: rate.default(0.001),
    about: 'share of complaints at which a digest halts',
  },
  HALT_LEAST_BOUNCES: {
    option: 'haltLeastBounces',
    readBy: ['process-feedback'],
    schema: most.optional(),
    variable: most.default(10),
    about: 'bounces below which no digest halts',
  },
  HALT_LEAST_COMPLAINTS: {
    option: 'haltLeastComplaints',
    readBy: ['process-feedback'],
    schema: most.optional(),
    variable: most.default(5),
    about: 'complaints below which no digest halts',
  },
  HALT_LEAST_DOMAINS: {
    option: 'haltLeastDomains',
    readBy: ['process-feedback'],
    schema: most.optional(),
    variable: most.default(3),
    about: 'domains that complaints must come from to halt a digest; a domain counts for this part of them at most',
  },
  /** The mail that daily readers get for a day without papers: none, or a note. */
  EMPTY_DAYS: {
    option: 'emptyDays',
    readBy: ['publish-digest'],
    schema: z.enum(['silent', 'note']).optional(),
    variable: z.enum(['silent', 'note']).default('silent'),
    about:
      'what daily readers get of a day without papers: silent (no mail, the default) or note (a short one that says why)',
  },
  ...limitSettings,
} as const satisfies Record<string, Setting>;

type Settings = typeof settings;
const each = Object.entries<Setting>(settings);

/** Schemas of the variables, by name. */
export const settingVariables = Object.fromEntries(each.map(([name, { variable }]) => [name, variable])) as {
  [Name in keyof Settings]: Settings[Name]['variable'];
};

/** The settings that a function reads. */
export type SettingOf<Name extends FunctionName> = {
  [Setting in keyof Settings]: Name extends Settings[Setting]['readBy'][number] ? Setting : never;
}[keyof Settings];

export function settingsOf<Name extends FunctionName>(name: Name): SettingOf<Name>[] {
  return each.flatMap(([setting, { readBy }]) => (readBy.includes(name) ? [setting as SettingOf<Name>] : []));
}

type Options = { [Name in keyof Settings as Settings[Name]['option']]: Settings[Name]['schema'] };

/** Schemas of the stage's options, by name, with their descriptions. */
export function settingOptions(): Options {
  const options = each.map(([, { option, schema, about }]) => [option, schema.describe(about)]);
  return Object.fromEntries(options) as Options;
}

/** The variables of the settings that a stage gives. */
export function variablesOf(stage: { readonly [option: string]: unknown }): Record<string, string> {
  return Object.fromEntries(
    each.flatMap(([name, { option }]) => (stage[option] === undefined ? [] : [[name, String(stage[option])]])),
  );
}
