import { describe, expect, test } from 'vitest';
import { readStage } from '../../infra/stages.ts';

const settings = {
  stage: 'prod',
  senderAddress: 'news@papers.home.arpa',
  postalAddress: '1 Long Road, 12345 Sampleton',
  alarmEmail: 'operator@papers.home.arpa',
};
const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555`;
const zone = { hostedZoneId: 'Z0123456789' };
const domain = { domainName: 'papers.home.arpa' };

/** The sentences with which a stage is refused; none when it is not. */
function refusalOf(given: Record<string, unknown>, region?: string): string {
  const context: Record<string, unknown> = { ...settings, ...given };
  try {
    readStage(name => context[name], region);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('a stage with readers is refused', () => {
  test.each([
    ['senderAddress', 'daily-papers@example.com'],
    ['senderAddress', 'news@papers.example.org'],
    ['senderAddress', 'news@EXAMPLE.net'],
    ['senderAddress', 'news@papers.example'],
    ['replyTo', 'hello@papers.test'],
    ['alarmEmail', 'operator@localhost.localdomain'],
    ['alarmEmail', 'operator@mail.invalid'],
    ['publicUrl', 'https://papers.example.org'],
    ['publicUrl', 'https://localhost'],
    ['publicUrl', 'https://127.0.0.1'],
    ['pageUrl', 'http://page.test/papers.txt'],
  ])('when %s is %s, which nobody owns', (name, value) => {
    expect(refusalOf({ [name]: value })).toContain(
      `\n  ${name} is ${value}, a name for examples that no mail or link reaches`,
    );
    expect(refusalOf({ [name]: value, keepData: false })).toBe('');
  });

  test.each([
    ['postalAddress', '…'],
    ['postalAddress', '...'],
    ['postalAddress', 'TODO: street 1'],
    ['postalAddress', '<street 1>'],
    ['senderName', 'Todo'],
    ['senderName', '<name>'],
  ])('when %s is the placeholder "%s"', (name, value) => {
    expect(refusalOf({ [name]: value })).toContain(`\n  ${name} is "${value}", a placeholder: give the real one`);
    expect(refusalOf({ [name]: value, keepData: false })).toBe('');
  });

  test.each(['-', '12345', 'nowhere', '??? 1'])('when its postal address is "%s"', postalAddress => {
    expect(refusalOf({ postalAddress })).toContain('\n  postalAddress is no postal address: give street and number');
  });

  test('when nobody would hear of its alarms', () => {
    expect(refusalOf({ alarmEmail: undefined })).toContain(
      '\n  alarmEmail is missing: no address would get the alarms',
    );
    expect(refusalOf({ alarmEmail: undefined, keepData: false })).toBe('');
  });

  test('when the command line would give up the data that cdk.json keeps', () => {
    const given = { stages: { prod: settings }, keepData: 'false' };
    expect(refusalOf({ ...given, stages: { prod: {} } })).toContain('\n  keepData is true for this stage in cdk.json');
    expect(refusalOf({ ...given, stages: { prod: { keepData: false } } })).toBe('');
  });
});

describe('an address is refused', () => {
  test('when nothing says by which certificate it is served', () => {
    expect(refusalOf(domain)).toContain('\n  domainName needs certificateArn (of a certificate that is there)');
    for (const by of [zone, { certificateArn: arn('eu-west-1') }]) expect(refusalOf({ ...domain, ...by })).toBe('');
  });

  test('when its certificate is of another region than the stage', () => {
    const given = { ...domain, certificateArn: arn('us-east-1') };
    expect(refusalOf(given, 'eu-west-1')).toContain(
      '\n  certificateArn is a certificate in us-east-1, and the stage is deployed to eu-west-1: give one of that region',
    );
    expect(refusalOf(given, 'us-east-1')).toBe('');
  });

  test('when it lies outside of the zone by which its certificate would be made', () => {
    const given = { ...domain, ...zone, hostedZoneName: 'apers.home.arpa' };
    expect(refusalOf(given)).toContain('\n  domainName does not lie in the zone apers.home.arpa');
    expect(refusalOf({ ...given, certificateArn: arn('eu-west-1') })).toBe('');
    expect(refusalOf({ ...given, hostedZoneName: 'Home.arpa.' })).toBe('');
  });

  test('when there are two', () => {
    expect(refusalOf({ ...domain, ...zone, publicUrl: 'https://papers.home.arpa' })).toContain(
      '\n  publicUrl follows from domainName: leave one of the two out',
    );
  });

  test('when a setting is of no use without another that is missing', () => {
    const words = 'is of no use without';
    expect(refusalOf({ certificateArn: arn('eu-west-1') })).toContain(`\n  certificateArn ${words} domainName`);
    expect(refusalOf({ hostedZoneName: 'home.arpa' })).toContain(`\n  hostedZoneName ${words} hostedZoneId`);
  });
});

describe('a mail identity is refused', () => {
  test('when it is not that of the sender', () => {
    for (const existingIdentity of ['other@papers.home.arpa', 'apers.home.arpa', 'letters.home.arpa']) {
      expect(refusalOf({ existingIdentity })).toContain(
        '\n  existingIdentity does not cover news@papers.home.arpa: give that address, its domain papers.home.arpa',
      );
    }
    for (const existingIdentity of ['News@papers.home.arpa', 'papers.home.arpa', 'home.arpa']) {
      expect(refusalOf({ existingIdentity })).toBe('');
    }
  });

  test('when counted links would lead through a domain that SES has not verified, or nothing is counted', () => {
    const tracked = { trackOpensAndClicks: true };
    const links = { redirectDomain: 'links.papers.home.arpa' };
    expect(refusalOf(links)).toContain('\n  redirectDomain is only for a stage with trackOpensAndClicks');
    expect(refusalOf({ ...tracked, ...links })).toBe('');
    for (const redirectDomain of ['papers.home.arpa', 'links.home.arpa']) {
      expect(refusalOf({ ...tracked, redirectDomain })).toContain('\n  redirectDomain must lie below papers.home.arpa');
    }
    expect(refusalOf({ ...tracked, existingIdentity: 'home.arpa', redirectDomain: 'links.home.arpa' })).toBe('');
  });
});

test('everything that is wrong between settings is said at once', () => {
  const words = refusalOf({ senderAddress: 'a@example.org', alarmEmail: undefined, ...domain });
  expect(words.split('\n').map(line => line.trim().split(' ')[0])).toEqual([
    'The',
    'domainName',
    'senderAddress',
    'alarmEmail',
  ]);
});
