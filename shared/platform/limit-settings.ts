import * as z from 'zod';
import { most, type Setting } from './setting.ts';

/** Settings of the limits on requests, and of the time for which records are kept. */
export const limitSettings = {
  /** The treatment of throw-away addresses at sign-up. */
  DISPOSABLE_DOMAINS: {
    option: 'disposableDomains',
    readBy: ['public-api'],
    schema: z.enum(['allow', 'flag', 'refuse']).optional(),
    variable: z.enum(['allow', 'flag', 'refuse']).default('flag'),
    about: 'what becomes of throw-away addresses: allow, flag (the default) or refuse',
  },
  /**
   * Most requests for a mail (sign-ups and manage links): by address, by mailbox, by domain, by network (/24, /56), in
   * all.
   */
  REQUESTS_PER_ADDRESS_HOUR: {
    option: 'requestsPerAddressHour',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(4),
    about: 'sign-ups and manage links that one address can ask for in an hour',
  },
  REQUESTS_PER_MAILBOX_DAY: {
    option: 'requestsPerMailboxDay',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(10),
    about: "the same in any 24 hours for all variants of one mailbox (dots, plus, and its provider's own)",
  },
  REQUESTS_PER_DOMAIN_DAY: {
    option: 'requestsPerDomainDay',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(50),
    about: "sign-ups in any 24 hours for all addresses at a domain and below it, unless it is a mail provider's",
  },
  REQUESTS_PER_NETWORK_HOUR: {
    option: 'requestsPerNetworkHour',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(60),
    about: 'the same in an hour from one network (IPv4 /24, IPv6 /56)',
  },
  REQUESTS_PER_HOUR: {
    option: 'requestsPerHour',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(5_000),
    about: 'the same in an hour from everybody together',
  },
  /** Most votes and saves of one subscriber in an hour, and most submissions in a day. */
  VOTES_PER_SUBSCRIBER_HOUR: {
    option: 'votesPerSubscriberHour',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(120),
    about: 'votes and saves of one subscriber in an hour',
  },
  SUBMISSIONS_PER_SUBSCRIBER_DAY: {
    option: 'submissionsPerSubscriberDay',
    readBy: ['public-api'],
    schema: most.optional(),
    variable: most.default(10),
    about: 'papers that one subscriber may submit in a day',
  },
  /**
   * Days for which records about a subscriber are kept after leaving. Three years: so long may a person ask for the
   * proof that a mail was asked for (the usual limitation period, as in § 195 BGB).
   */
  KEPT_AFTER_LEAVING_DAYS: {
    option: 'keptAfterLeavingDays',
    readBy: ['public-api', 'expire-subscribers'],
    schema: z.coerce.number().int().min(30).optional(),
    variable: z.coerce.number().int().min(30).default(1_095),
    about: 'days for which what is kept about people who left stays, 1,095 by default',
  },
} as const satisfies Record<string, Setting>;
