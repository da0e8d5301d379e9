import { Resolver } from 'node:dns/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { askAccount } from '../../infra/account/account.ts';
import { type Clients, createClients } from '../../infra/account/clients.ts';
import { readStage, sentenceOf } from '../../infra/stages.ts';
import { type Answers, AwsError, startAws } from '../support/aws-server.ts';
import { runCommand, startCommand } from '../support/command.ts';
import { startDns } from '../support/dns-server.ts';
import { type AskedAccount, answersOf, certificateArn, type Made, newAccount } from './asked-account.ts';

/*
 * The questions of a deployment to the account and to DNS before it changes anything: over the wire, of a server that speaks AWS's
 * protocols and of a DNS server, in which nothing is wrong but what each test breaks.
 */

const settings = {
  stage: 'prod',
  senderAddress: 'news@papers.home.arpa',
  postalAddress: '1 Long Road, 12345 Sampleton',
  alarmEmail: 'operator@papers.home.arpa',
};
const zone = { domainName: 'papers.home.arpa', hostedZoneId: 'Z0123456789' };

let world: AskedAccount;
const answers: Answers = {};
const nameServers: Record<string, string[]> = {};
let aws: Awaited<ReturnType<typeof startAws>>;
let dns: Awaited<ReturnType<typeof startDns>>;
let clients: Clients;
let isDnsSilent = false;
let resolver: Resolver;

beforeAll(async () => {
  aws = await startAws(answers);
  dns = await startDns({}, () => isDnsSilent, nameServers);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  clients = createClients();
  resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([dns.server]);
});
afterAll(async () => {
  const { cdn, ...others } = clients;
  for (const client of [...Object.values(others), ...Object.values(cdn)]) client.destroy();
  await Promise.all([aws.stop(), dns.stop()]);
});

beforeEach(() => {
  world = newAccount();
  Object.assign(answers, answersOf(world));
  for (const name of Object.keys(nameServers)) delete nameServers[name];
  nameServers['home.arpa'] = ['NS-2.awsdns.home.arpa', 'ns-9.elsewhere.home.arpa'];
  isDnsSilent = false;
});

/** The lines with which a deployment would be refused. */
async function refusalOf(given: Record<string, unknown> = {}): Promise<string[]> {
  const context: Record<string, unknown> = { ...settings, ...given };
  const { faults, unasked } = await askAccount(
    readStage(name => context[name], 'eu-west-1'),
    clients,
    resolver,
  );
  expect(unasked).toEqual([]);
  return faults.map(sentenceOf);
}

const own = (type: string, id: string): Made => ({ stack: 'daily-papers-prod-domain', type, id });
const identity = 'AWS::SES::EmailIdentity';

test('nothing is against a stage that is new, nor against the same once it is there', async () => {
  expect(await refusalOf({ ...zone, receiptRuleSet: 'inbound', unsubscribeAddress: 'a@papers.home.arpa' })).toEqual([]);
  world.identities['papers.home.arpa'] = { VerifiedForSendingStatus: true };
  world.domains = ['papers.home.arpa'];
  world.records = ['A', 'AAAA'].map(type => ({ name: 'papers.home.arpa', type }));
  world.made = [
    own(identity, 'papers.home.arpa'),
    own('AWS::ApiGatewayV2::DomainName', 'papers.home.arpa'),
    own('AWS::Route53::RecordSet', 'papers.home.arpa.'),
  ];
  expect(await refusalOf(zone)).toEqual([]);
  expect(await refusalOf({ domainName: 'papers.home.arpa', certificateArn })).toEqual([]);
});

test('data that a deployed stage keeps is not given up in passing', async () => {
  world.made = [{ stack: 'daily-papers-prod-data', type: 'AWS::DynamoDB::GlobalTable', id: 'papers' }];
  expect(await refusalOf({ keepData: false })).toEqual([
    expect.stringMatching(/^ {2}keepData is false, and the deployed stage keeps its data: leave it true\..*-prod-data/),
  ]);
  expect(await refusalOf()).toEqual([]);
  world.isProtected = false;
  expect(await refusalOf({ keepData: false })).toEqual([]);
});

describe("the sender's identity", () => {
  test('must not be made where it is there already, by hand or by another stack', async () => {
    world.identities['papers.home.arpa'] = { VerifiedForSendingStatus: true };
    const sentence = (owner: string) =>
      `  existingIdentity is missing: SES knows papers.home.arpa in this region already, and it ${owner}: give existingIdentity=papers.home.arpa (`;
    expect((await refusalOf())[0]).toContain(sentence('was made by hand'));
    world.made = [{ stack: 'shop-mail', type: identity, id: 'papers.home.arpa' }];
    expect((await refusalOf())[0]).toContain(sentence('belongs to the stack shop-mail'));
    expect(await refusalOf({ existingIdentity: 'papers.home.arpa' })).toEqual([]);
  });

  test('must be there and verified, where it is said to be', async () => {
    const existing = (name: string) => refusalOf({ existingIdentity: name });
    expect((await existing('papers.home.arpa'))[0]).toContain('is papers.home.arpa, which SES does not know');
    world.identities['papers.home.arpa'] = {
      VerifiedForSendingStatus: false,
      DkimAttributes: { Tokens: ['t1', 't2'] },
    };
    expect((await existing('papers.home.arpa'))[0]).toContain(
      'whose DNS records SES has not found yet: enter in DNS t1._domainkey.papers.home.arpa CNAME t1.dkim.amazonses.com ; t2',
    );
    world.identities[settings.senderAddress] = { VerifiedForSendingStatus: false };
    expect((await existing(settings.senderAddress))[0]).toContain('open the link in the mail that AWS has sent there');
  });

  test("must not be said to be another's where the stage's stack would delete it", async () => {
    world.identities['papers.home.arpa'] = { VerifiedForSendingStatus: true };
    world.made = [own(identity, 'papers.home.arpa')];
    const [sentence] = await refusalOf({ existingIdentity: 'papers.home.arpa' });
    expect(sentence).toContain("this stage's own stack has made, and would delete now: leave the setting out");
  });
});

describe('a certificate', () => {
  const given = { domainName: 'papers.home.arpa', certificateArn };
  const certified = async (changes: object) => {
    world.certificate = { ...world.certificate, ...changes };
    return refusalOf(given);
  };

  test('must be there', async () => {
    world.certificate = undefined;
    expect((await refusalOf(given))[0]).toMatch(/^ {2}certificateArn names no certificate of this account and region/);
  });

  test.each([
    [['*.home.arpa'], true],
    [['other.home.arpa', 'Papers.home.arpa'], true],
    [['home.arpa'], false],
    [['*.arpa'], false],
    [['*.papers.home.arpa'], false],
  ])('for %j is for the domain: %s', async (names, isFor) => {
    const faults = await certified({ DomainName: names[0], SubjectAlternativeNames: names });
    expect(faults).toEqual(isFor ? [] : [expect.stringContaining(`is for ${names.join(', ')}, and not for papers`)]);
  });

  test('must be issued, and its missing record is said', async () => {
    const ResourceRecord = { Name: '_x.papers.home.arpa.', Type: 'CNAME', Value: '_y.acm.aws.' };
    const faults = await certified({ Status: 'PENDING_VALIDATION', DomainValidationOptions: [{ ResourceRecord }] });
    expect(faults).toEqual([
      expect.stringContaining('PENDING_VALIDATION, not ISSUED: enter in DNS _x.papers.home.arpa. CNAME _y.acm.aws.'),
    ]);
  });
});

test("a CDN's certificate must be for the domain, and the gateway's for the name that the CDN asks", async () => {
  const front = certificateArn.replace('eu-west-1', 'us-east-1');
  const names = { [certificateArn]: 'papers.home.arpa', [front]: 'origin.home.arpa' };
  answers.DescribeCertificate = ({ CertificateArn: arn }) => ({
    Certificate: { CertificateArn: arn, DomainName: names[String(arn)], Status: 'ISSUED' },
  });
  const given = { domainName: 'papers.home.arpa', cdn: true, certificateArn, cdnCertificateArn: front };
  expect(await refusalOf(given)).toEqual([
    expect.stringMatching(/^ {2}certificateArn is for papers\.home\.arpa, and not for \S+\.papers\.home\.arpa: /),
    expect.stringMatching(/^ {2}cdnCertificateArn is for origin\.home\.arpa, and not for papers\.home\.arpa: /),
  ]);
});

test('a domain that API Gateway serves for another stack is refused', async () => {
  world.domains = ['papers.home.arpa'];
  world.made = [{ stack: 'shop', type: 'AWS::ApiGatewayV2::DomainName', id: 'papers.home.arpa' }];
  expect(await refusalOf(zone)).toEqual([
    expect.stringContaining(
      '  domainName is papers.home.arpa, which API Gateway serves already in this region, and it belongs to the stack shop',
    ),
  ]);
});

describe('a hosted zone is refused', () => {
  test('when there is none, or not for the world', async () => {
    world.zone = { name: 'home.arpa', isPrivate: true };
    expect((await refusalOf(zone))[0]).toContain('hostedZoneId is the private zone home.arpa: give the public one');
    world.zone = undefined;
    expect((await refusalOf(zone))[0]).toContain(
      'hostedZoneId is Z0123456789, which is no hosted zone of this account',
    );
  });

  test('when it does not hold what is to be entered, unless that is said', async () => {
    const elsewhere = { ...zone, senderAddress: 'news@letters.arpa' };
    nameServers.arpa = nameServers['letters.arpa'] = ['a.home.arpa'];
    expect((await refusalOf(elsewhere))[0]).toContain(
      "hostedZoneId is the zone home.arpa, in which letters.arpa can't be entered: give hostedZoneName=home.arpa",
    );
    expect(await refusalOf({ ...elsewhere, hostedZoneName: 'home.arpa' })).toEqual([]);
    expect((await refusalOf({ ...zone, hostedZoneName: 'papers.home.arpa' }))[0]).toContain(
      'hostedZoneName is papers.home.arpa, and Z0123456789 is the zone home.arpa: give that name',
    );
  });

  test('when DNS does not ask it: its certificate would never be issued', async () => {
    nameServers['home.arpa'] = ['ns.elsewhere.home.arpa'];
    expect((await refusalOf(zone))[0]).toContain(
      'for which DNS asks ns.elsewhere.home.arpa: enter ns-1.awsdns.home.arpa, ns-2.awsdns.home.arpa as its name servers',
    );
    delete nameServers['home.arpa'];
    expect((await refusalOf(zone))[0]).toContain('for which DNS knows no name servers: enter ns-1.awsdns.home.arpa');
  });

  test("when it has a record that is to be entered and is not the stack's", async () => {
    world.records = [{ name: '_dmarc.papers.home.arpa', type: 'TXT' }];
    expect((await refusalOf(zone))[0]).toContain('dmarc needs the record _dmarc.papers.home.arpa TXT');
    expect(await refusalOf({ ...zone, dmarc: 'kept' })).toEqual([]);
    world.records = [{ name: 'papers.home.arpa', type: 'CNAME' }];
    expect((await refusalOf(zone))[0]).toContain('domainName needs the record papers.home.arpa CNAME');
  });
});

test('a domain that is in no DNS is refused, and one below a registered one is not', async () => {
  const [sentence, ...others] = await refusalOf({ senderAddress: 'news@papers.hoem.arpa' });
  expect(others).toEqual([]);
  expect(sentence).toContain('senderAddress speaks of papers.hoem.arpa, which has no records in DNS');
  expect(await refusalOf({ senderAddress: 'news@deep.papers.home.arpa' })).toEqual([]);
});

test('a receipt rule set that is not active is refused', async () => {
  const leaving = { receiptRuleSet: 'mail', unsubscribeAddress: 'leave@papers.home.arpa' };
  expect((await refusalOf(leaving))[0]).toContain('receiptRuleSet is mail, which is not the active receipt rule set');
  world.activeRuleSet = undefined;
  expect((await refusalOf(leaving))[0]).toContain('(none is active)');
});

test('a question that is refused, or has no answer, stops no deployment, and is named', async () => {
  answers.GetHostedZone = () => {
    throw new AwsError('AccessDenied', 'User is not authorized to perform: route53:GetHostedZone', 403);
  };
  isDnsSilent = true;
  const context: Record<string, unknown> = {
    ...settings,
    ...zone,
    senderAddress: 'news@letters.arpa',
    hostedZoneName: 'home.arpa',
  };
  const { faults, unasked } = await askAccount(
    readStage(name => context[name]),
    clients,
    resolver,
  );
  expect(faults).toEqual([]);
  expect(unasked).toEqual([
    'the hosted zone: User is not authorized to perform: route53:GetHostedZone',
    expect.stringMatching(/^the domains in DNS: queryNs E\w+ letters.arpa/),
  ]);
});

describe('npm run deploy', () => {
  const stage = Object.entries(settings).flatMap(([name, value]) =>
    name === 'stage' ? ['--stage', value] : ['-c', `${name}=${value}`],
  );
  afterEach(() => {
    aws.calls.length = 0;
  });

  test('stops before it changes anything, and says what is wrong', async () => {
    const { output, ended } = startCommand('infra/deploy.ts', [...stage, '-c', 'existingIdentity=papers.home.arpa']);
    expect(await ended).toBe(1);
    expect(output.err).toMatch(
      /^The stage "prod" was not deployed, and nothing was changed:\n {2}existingIdentity is papers/,
    );
    expect(aws.calls.filter(call => !/^(Describe|Get|List)/.test(call))).toEqual([]);
  }, 60_000);

  test.each([
    ['alarmMail=operator@papers.home.arpa', 'There is no such setting: alarmMail.'],
    ['stage=dev', 'Name the stage with --stage.'],
    [`certificateArn=${certificateArn.replace('eu-west', 'us-east')}`, 'certificateArn is a certificate in us-east-1'],
  ])('refuses -c %s before it asks anything', async (pair, sentence) => {
    const args = [...stage, '-c', 'domainName=papers.home.arpa', '-c', pair];
    const { code, err } = await runCommand('infra/deploy.ts', args);
    expect(err).toContain(sentence);
    expect([code, aws.calls]).toEqual([1, []]);
  });
});
