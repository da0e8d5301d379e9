import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { close, listen } from '../../local/listen.ts';
import { AwsError, startAws } from '../support/aws-server.ts';
import { startDns } from '../support/dns-server.ts';
import { healthyAccount, now } from './account.ts';
import { rounds } from './faults.ts';
import { type Found, readReport, type } from './terminal.ts';

/*
 * The doctor against a stage on AWS: over the wire, against a server that speaks AWS's protocols, a DNS server and a web
 * server, in which nothing is wrong but what each test breaks.
 */

let site: Server;
let publicUrl: string;
let healthPage: { status: number; body: string; location?: string };
let aws: Awaited<ReturnType<typeof startAws>>;
let dns: Awaited<ReturnType<typeof startDns>>;
let isDnsSilent = false;
const texts: Record<string, string[]> = {};
let world: ReturnType<typeof healthyAccount>;
const current: ReturnType<typeof healthyAccount>['answers'] = {};

beforeAll(async () => {
  site = createServer((_, response) => {
    response.writeHead(healthPage.status, healthPage.location ? { location: healthPage.location } : {});
    response.end(healthPage.body);
  });
  publicUrl = await listen(site);
  aws = await startAws(current);
  dns = await startDns(texts, () => isDnsSilent);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(() => Promise.all([close(site), aws.stop(), dns.stop()]));

beforeEach(() => {
  world = healthyAccount(publicUrl, aws.endpoint);
  for (const operation of Object.keys(current)) delete current[operation];
  Object.assign(current, world.answers);
  for (const name of Object.keys(texts)) delete texts[name];
  texts['_dmarc.papers.example.org'] = ['v=DMARC1; p=quarantine; rua=mailto:x@example.org'];
  healthPage = { status: 200, body: JSON.stringify({ status: 'ok', name: 'daily-papers-prod' }) };
  isDnsSilent = false;
});

const run = (...args: string[]) => type(args, now);
const examine = async () => readReport(await run('--stage', 'prod', '--json', '--dns', dns.server));

/** All that is not fine, by check. */
const notFine = (checks: Found[]) =>
  Object.fromEntries(checks.filter(({ status }) => status !== 'ok').map(({ name, status }) => [name, status]));

/** The address of the tests' web server is http, which has no certificate. */
const always = { certificate: 'unknown' };

test('where nothing is wrong, nothing is in the way', async () => {
  const { code, checks, counts, subject } = await examine();
  expect(notFine(checks)).toEqual(always);
  expect(code).toBe(0);
  expect(counts).toEqual({ ok: checks.length - 1, failed: 0, warning: 0, unknown: 1 });
  expect(subject).toBe('stage "prod", account 123456789012, eu-west-1');
  expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
});

test.each(rounds.map((faults, at) => [at + 1, faults] as const))(
  'of what is wrong, each is found, and nothing else (round %d)',
  async (_, faults) => {
    for (const { cause } of faults) cause({ account: world.account, texts, healthPage });
    const { check, checks, code } = await examine();
    expect(notFine(checks)).toEqual({
      ...always,
      ...Object.fromEntries(faults.map(fault => [fault.check, fault.status])),
    });
    for (const { check: name, says } of faults) {
      expect([name, check(name)?.says]).toEqual([name, expect.stringMatching(says)]);
      expect([name, check(name)?.todo]).toEqual([name, expect.stringMatching(/\S/)]);
    }
    expect(code).toBe(faults.some(({ status }) => status === 'failed') ? 1 : 0);
  },
);

describe('a question without an answer is reported as unknown, and holds up no other check', () => {
  test('by DNS', async () => {
    isDnsSilent = true;
    const { check, checks, code } = await examine();
    expect(notFine(checks)).toEqual({ ...always, dmarc: 'unknown' });
    expect(check('dmarc')?.says).toBe('Not known whether DNS has a DMARC record: DNS does not answer in time.');
    expect(code).toBe(0);
  }, 20_000);

  test('for want of a permission', async () => {
    delete current.GetEmailIdentity;
    const { check, checks } = await examine();
    expect(notFine(checks)).toEqual({ ...always, identity: 'unknown', dkim: 'unknown', 'mail-from': 'unknown' });
    expect(check('dkim')?.says).toBe(
      'Not known whether mails are signed with DKIM: your credentials may not ask that (x:GetEmailIdentity).',
    );
  });

  test('because it has not come to it yet', async () => {
    delete world.account.runs['ingest-papers'];
    world.account.timers['ingest-papers'] = { state: 'ENABLED', cron: 'cron(45 * * * ? *)', changedAt: now - 600_000 };
    const { check, checks } = await examine();
    expect(notFine(checks)).toEqual({ ...always, 'timer-ingest-papers': 'unknown' });
    expect(check('timer-ingest-papers')?.says).toMatch(/is on since 2026-11-27 17:50 UTC; no run has ended yet/);
  });

  test('because a deployment is under way', async () => {
    world.account.stacks[1] = { name: 'daily-papers-prod-service', status: 'UPDATE_IN_PROGRESS' };
    expect(notFine((await examine()).checks)).toEqual({ ...always, stacks: 'unknown' });
  });

  test('for want of an answer', async () => {
    current.DescribeParameters = () => {
      throw new AwsError('InvalidAction', 'No such call.');
    };
    const { check } = await examine();
    expect(check('key-ring')).toMatchObject({ status: 'unknown', says: expect.stringMatching(/InvalidAction/) });
  });
});

describe('an obstacle to the examination is told in a sentence, with 2', () => {
  test('a stage that is not deployed here', async () => {
    const { code, out, err } = await run('--stage', 'staging');
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/No stage "staging" is deployed in eu-west-1: there are prod\. .*--stage staging\n$/);
  });

  test('CloudFormation that may not be asked', async () => {
    delete current.DescribeStacks;
    const { code, err } = await run('--stage', 'prod');
    expect(code).toBe(2);
    expect(err).toMatch(/CloudFormation in eu-west-1 does not say what is deployed.*AWS_REGION/);
  });

  test('credentials that AWS does not take', async () => {
    current.DescribeStacks = () => {
      throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
    };
    const { code, err } = await run('--stage', 'prod');
    expect(code).toBe(2);
    expect(err).toMatch(/AWS credentials are missing or not valid.*AWS_PROFILE/);
  });

  test.each([
    [['--stag', 'prod'], /Unknown option '--stag'\.\n\nnpm run doctor/],
    [['--stage', 'prod', '--dns', 'a name'], /--dns must be the address of a DNS server/],
    [['--stage', 'prod', '--data', 'x'], /--data is for npm start/],
    [['--stage', 'Prod'], /No stage "Prod"/],
    [['--data', '/nowhere'], /No system runs on this machine with its data in \/nowhere\. .*npm start/],
  ])('%j', async (args, message) => {
    const { code, out, err } = await run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
  });
});

test('for the operator: lines of up to 100 columns with a sign each, what to do, and the sum of it', async () => {
  world.account.ses.ProductionAccessEnabled = false;
  const { code, out } = await run('--stage', 'prod', '--dns', dns.server);
  expect(code).toBe(1);
  expect(out).toMatch(/^Daily Papers, stage "prod", account 123456789012, eu-west-1\n\nDeployment\n {2}✓ /);
  expect(out).toMatch(/\n {2}✗ The account is in the sandbox .*\n(.*\n)? {4}→ Ask for production access/);
  expect(out).toMatch(/\n\n22 ✓ {3}1 ✗ {3}0 ! {3}1 \? .*✗\.\n$/);
  expect(out).not.toContain('\x1b');
  for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
});
