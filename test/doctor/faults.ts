import { type Account, now } from './account.ts';

/** The parts of the world that a fault can break. */
interface World {
  account: Account;
  /** TXT records in DNS, by name. */
  texts: Record<string, string[]>;
  /** The answer of the web server at the public address. */
  healthPage: { status: number; body: string; location?: string };
}

/** One thing that is wrong, and what the doctor makes of it. */
interface Fault {
  check: string;
  status: 'failed' | 'warning';
  says: RegExp;
  cause: (world: World) => void;
}

const identity = (account: Account) => account.identities['papers.example.org'] ?? {};
const dmarc = '_dmarc.papers.example.org';
const hourly = { state: 'ENABLED', cron: 'cron(45 * * * ? *)', changedAt: now - 90 * 24 * 3_600_000 };

const faults: Fault[] = [
  {
    check: 'identity',
    status: 'failed',
    says: /has not found the DNS records of papers.example.org/,
    cause: ({ account }) => {
      identity(account).VerifiedForSendingStatus = false;
    },
  },
  {
    check: 'dkim',
    status: 'failed',
    says: /it is PENDING/,
    cause: ({ account }) => {
      identity(account).DkimAttributes = { SigningEnabled: true, Status: 'PENDING', Tokens: ['t1'] };
    },
  },
  {
    check: 'dkim',
    status: 'failed',
    says: /turned off/,
    cause: ({ account }) => {
      identity(account).DkimAttributes = { SigningEnabled: false, Status: 'SUCCESS' };
    },
  },
  {
    check: 'mail-from',
    status: 'failed',
    says: /MAIL FROM domain m.papers.example.org \(FAILED\)/,
    cause: ({ account }) => {
      identity(account).MailFromAttributes = { MailFromDomain: 'm.papers.example.org', MailFromDomainStatus: 'FAILED' };
    },
  },
  {
    check: 'mail-from',
    status: 'warning',
    says: /not aligned/,
    cause: ({ account }) => {
      identity(account).MailFromAttributes = {};
    },
  },
  {
    check: 'dmarc',
    status: 'failed',
    says: /no DMARC record/,
    cause: ({ texts }) => {
      delete texts[dmarc];
    },
  },
  {
    check: 'dmarc',
    status: 'warning',
    says: /p=none/,
    cause: ({ texts }) => {
      texts[dmarc] = ['v=DMARC1; p=none'];
    },
  },
  {
    check: 'dmarc',
    status: 'failed',
    says: /2 DMARC records/,
    cause: ({ texts }) => {
      texts[dmarc] = ['v=DMARC1; p=reject', 'v=DMARC1; p=none'];
    },
  },
  {
    check: 'dmarc',
    status: 'failed',
    says: /no policy/,
    cause: ({ texts }) => {
      texts[dmarc] = ['v=DMARC1; p=all'];
    },
  },
  {
    check: 'sandbox',
    status: 'failed',
    says: /sandbox/,
    cause: ({ account }) => {
      account.ses.ProductionAccessEnabled = false;
    },
  },
  {
    check: 'sending',
    status: 'failed',
    says: /paused/,
    cause: ({ account }) => {
      account.ses.SendingEnabled = false;
    },
  },
  {
    check: 'sending',
    status: 'failed',
    says: /shut down/,
    cause: ({ account }) => {
      account.ses.EnforcementStatus = 'SHUTDOWN';
    },
  },
  {
    check: 'sending',
    status: 'warning',
    says: /under review/,
    cause: ({ account }) => {
      account.ses.EnforcementStatus = 'PROBATION';
    },
  },
  {
    check: 'quota',
    status: 'failed',
    says: /about 50,240 readers.* 45,000 digests a day, .* not every reader/,
    cause: ({ account }) => {
      account.readers['Asia/Tokyo#7'] = 46_200;
    },
  },
  {
    check: 'quota',
    status: 'failed',
    says: /06:00 UTC is the fullest hour, with 15,000: the last mail goes out 4 h 10 min later/,
    cause: ({ account }) => {
      account.quota.MaxSendRate = 1.111_112;
      account.readers['Europe/Berlin#7'] = 15_000;
    },
  },
  {
    check: 'quota',
    status: 'warning',
    says: /06:00 UTC is the fullest hour, with 3,000: the last mail goes out 67 min later/,
    cause: ({ account }) => {
      account.quota.MaxSendRate = 0.833_3;
    },
  },
  {
    check: 'quota',
    status: 'failed',
    says: /lets no digest out/,
    cause: ({ account }) => {
      account.quota.Max24HourSend = 0;
    },
  },
  {
    check: 'senders',
    status: 'warning',
    says: /may send 450 digests a second, and the senders of this stage keep up with 200/,
    cause: ({ account }) => {
      account.quota.MaxSendRate = 500;
    },
  },
  {
    check: 'concurrency',
    status: 'failed',
    says: /may run 10 functions at once.*none left/,
    cause: ({ account }) => {
      account.concurrency = 10;
    },
  },
  {
    check: 'concurrency',
    status: 'warning',
    says: /takes? up to 15 of them: 5 are left for pages, the API and 6 timers/,
    cause: ({ account }) => {
      account.concurrency = 20;
    },
  },
  {
    check: 'consumers',
    status: 'failed',
    says: /send-digest \(Disabled\)/,
    cause: ({ account }) => {
      account.mappingState = 'Disabled';
    },
  },
  {
    check: 'rate-shares',
    status: 'failed',
    says: /daily-papers-prod, daily-papers-dev use one sending rate.* 200 %/,
    cause: ({ account }) => {
      account.stacks.push({ name: 'daily-papers-dev-service', status: 'CREATE_COMPLETE' });
    },
  },
  {
    check: 'stacks',
    status: 'failed',
    says: /daily-papers-prod-data is UPDATE_ROLLBACK_COMPLETE/,
    cause: ({ account }) => {
      account.stacks[0] = { name: 'daily-papers-prod-data', status: 'UPDATE_ROLLBACK_COMPLETE' };
    },
  },
  {
    check: 'health',
    status: 'failed',
    says: /is not Daily Papers/,
    cause: ({ healthPage }) => {
      healthPage.body = 'This domain is for sale';
    },
  },
  {
    check: 'health',
    status: 'failed',
    says: /status 500/,
    cause: ({ healthPage }) => {
      healthPage.status = 500;
    },
  },
  {
    check: 'health',
    status: 'failed',
    says: /another deployment answers: daily-papers-dev/,
    cause: ({ healthPage }) => {
      healthPage.body = '{"status":"ok","name":"daily-papers-dev"}';
    },
  },
  {
    check: 'health',
    status: 'failed',
    says: /sends elsewhere, to https:..example.net/,
    cause: ({ healthPage }) => {
      Object.assign(healthPage, { status: 301, location: 'https://example.net/' });
    },
  },
  {
    check: 'alarm-address',
    status: 'failed',
    says: /o…@example.org has not confirmed/,
    cause: ({ account }) => {
      account.subscriptions = [
        { Protocol: 'email', Endpoint: 'operator@example.org', SubscriptionArn: 'PendingConfirmation' },
      ];
    },
  },
  {
    check: 'alarm-address',
    status: 'warning',
    says: /No address gets the alarms/,
    cause: ({ account }) => {
      account.subscriptions = [];
    },
  },
  {
    check: 'timer-plan-deliveries',
    status: 'failed',
    says: /switched off/,
    cause: ({ account }) => {
      account.timers['plan-deliveries'] = { ...hourly, state: 'DISABLED' };
    },
  },
  {
    check: 'timer-plan-deliveries',
    status: 'failed',
    says: /gone/,
    cause: ({ account }) => {
      delete account.timers['plan-deliveries'];
    },
  },
  {
    check: 'timer-ingest-papers',
    status: 'failed',
    says: /at 2026-11-27 17:55 UTC it failed/,
    cause: ({ account }) => {
      account.runs['ingest-papers'] = { minutesAgo: 5, hasFailed: true };
    },
  },
  {
    check: 'timer-ingest-papers',
    status: 'failed',
    says: /no run went well for 125 minutes/,
    cause: ({ account }) => {
      delete account.runs['ingest-papers'];
    },
  },
  {
    check: 'timer-index-papers',
    status: 'failed',
    says: /no run went well for 25 minutes/,
    cause: ({ account }) => {
      account.runs['index-papers'] = { minutesAgo: 60, hasFailed: false };
    },
  },
  {
    check: 'key-ring',
    status: 'warning',
    says: /version 2/,
    cause: ({ account }) => {
      account.environment.KEYS_VERSION = '2';
    },
  },
  {
    check: 'key-backup',
    status: 'failed',
    says: /changed since/,
    cause: ({ account }) => {
      account.tags['backed-up-version'] = '2';
    },
  },
  {
    check: 'key-backup',
    status: 'failed',
    says: /No copy/,
    cause: ({ account }) => {
      account.tags = {};
    },
  },
  {
    check: 'dead-letters',
    status: 'failed',
    says: /batches dead letters: 2, ingest-papers dead letters: 1, undelivered timers: 3/,
    cause: ({ account }) => {
      account.messages = { 'batches-dead-letters': 2, 'ingest-papers-dead-letters': 1, 'undelivered-timers': 3 };
    },
  },
];

/** The faults in rounds: a run of the doctor finds one of each check. */
export const rounds: Fault[][] = [];
for (const fault of faults) {
  const round = rounds.find(others => others.every(({ check }) => check !== fault.check));
  if (round) round.push(fault);
  else rounds.push([fault]);
}
