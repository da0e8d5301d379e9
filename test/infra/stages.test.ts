import { describe, expect, test } from 'vitest';
import { readStage } from '../../infra/stages.ts';

const settings = {
  senderAddress: 'news@papers.home.arpa',
  publicUrl: 'https://papers.home.arpa/',
  postalAddress: '1 Long Road, 12345 Sampleton',
  alarmEmail: 'operator@papers.home.arpa',
};
const read = (context: Record<string, unknown>) => readStage(name => context[name]);

describe('the settings of a stage', () => {
  test('have a default where one makes sense, and protect the data unless told otherwise', () => {
    expect(read({ stage: 'prod', ...settings })).toEqual({
      name: 'prod',
      senderAddress: 'news@papers.home.arpa',
      publicUrl: 'https://papers.home.arpa',
      senderName: 'Daily Papers',
      postalAddress: '1 Long Road, 12345 Sampleton',
      alarmEmail: 'operator@papers.home.arpa',
      dmarc: 'none',
      allowedOrigins: [],
      logRetentionDays: 30,
      keepData: true,
      sendRate: 14,
      rateShare: 1,
      trackOpensAndClicks: false,
    });
  });

  test('come from cdk.json, where the command line does not say otherwise', () => {
    const stages = { prod: { ...settings, senderName: 'From the file', logRetentionDays: 7 } };
    const stage = read({ stage: 'prod', stages, senderName: 'From the line' });
    expect(stage).toMatchObject({ senderName: 'From the line', logRetentionDays: 7 });
  });

  test('are understood when the command line gives them as text', () => {
    const given = { allowedOrigins: 'https://a.test, https://b.test:8443', logRetentionDays: '90', keepData: 'false' };
    expect(read({ stage: 'prod', ...settings, ...given })).toMatchObject({
      allowedOrigins: ['https://a.test', 'https://b.test:8443'],
      logRetentionDays: 90,
      keepData: false,
    });
  });

  test('that are missing are all named, with what they mean and how to give them', () => {
    expect(() => read({ stage: 'prod', stages: { dev: settings } })).toThrow(
      [
        'The settings of stage "prod" are incomplete:',
        '  senderAddress is missing: the address that mails come from. ' +
          'Give it with -c senderAddress=… or in cdk.json under context.stages.prod.',
      ].join('\n'),
    );
  });

  test.each(['', ' ', undefined])('are refused without a postal address (%j), unless the data is not kept', given => {
    const { postalAddress: _, ...others } = settings;
    const without = { stage: 'prod', ...others, ...(given !== undefined && { postalAddress: given }) };
    expect(() => read(without)).toThrow('\n  postalAddress is missing');
    expect(read({ ...without, keepData: 'false' }).postalAddress).toBe('');
  });

  test('are refused with only one of the two that unsubscribing by mail needs', () => {
    const address = { unsubscribeAddress: 'leave@papers.home.arpa' };
    const ruleSet = { receiptRuleSet: 'inbound' };
    for (const one of [address, ruleSet]) {
      expect(() => read({ stage: 'prod', ...settings, ...one })).toThrow('\n  unsubscribeAddress must be given');
    }
    expect(read({ stage: 'prod', ...settings, ...address, ...ruleSet })).toMatchObject({ ...address, ...ruleSet });
  });

  test.each([
    ['receiptRuleSet', 'a b'],
    ['unsubscribeAddress', 'nobody'],
    ['senderAddress', 'nobody'],
    ['replyTo', 'nobody'],
    ['replyTo', ''],
    ['existingIdentity', 'no body'],
    ['domainName', 'https://papers.home.arpa'],
    ['domainName', 'papers.home.arpa/path'],
    ['domainName', 'papers.home.arpa?query'],
    ['domainName', 'papers.home.arpa:8443'],
    ['domainName', 'papers'],
    ['hostedZoneId', 'papers.home.arpa'],
    ['certificateArn', 'arn:aws:iam::123456789012:server-certificate/papers'],
    ['dmarc', 'strict'],
    ['publicUrl', 'http://papers.home.arpa'],
    ['publicUrl', 'papers.home.arpa'],
    ['publicUrl', 'https://papers.home.arpa/path'],
    ['publicUrl', 'https://papers.home.arpa/?query'],
    ['publicUrl', 'https://papers.home.arpa:8443'],
    ['allowedOrigins', 'https://a.test/path'],
    ['alarmEmail', ''],
    ['logRetentionDays', '31'],
    ['keepData', 'perhaps'],
    ['pageUrl', 'page.txt'],
    ['confirmationShare', '0.95'],
    ['sendRate', '0'],
    ['sendRate', 'fast'],
    ['apiReserve', '0'],
    ['rateShare', ''],
    ['rateShare', '0'],
    ['rateShare', '-0.5'],
    ['rateShare', '1.5'],
    ['rateShare', '50%'],
    ['rateShare', 'half'],
    ['apiReserve', '2.5'],
    ['evidenceSeconds', '0'],
    ['resendUnknown', 'perhaps'],
    ['haltLeastSent', '1.5'],
    ['haltBounceRate', '5'],
    ['haltComplaintRate', '0'],
    ['emptyDays', 'yes'],
  ])('are refused by name when %s is "%s"', (name, value) => {
    expect(() => read({ stage: 'prod', ...settings, [name]: value })).toThrow(`\n  ${name}: `);
  });

  test.each(['0', '2', 'half', '', 'NaN', 'Infinity'])('say what a share may be when rateShare is "%s"', value => {
    const sentence = 'rateShare: must be above 0 and at most 1: 0.25 for a quarter (this stage';
    expect(() => read({ stage: 'prod', ...settings, rateShare: value })).toThrow(sentence);
  });

  test('are refused when cdk.json has one that does not exist', () => {
    const stages = { prod: { ...settings, sender: 'x' } };
    expect(() => read({ stage: 'prod', stages })).toThrow('sender: no such setting');
  });

  test.each(['', 'Prod', 'a/b', 'a-name-that-is-too-long'])('are refused for a stage called "%s"', stage => {
    expect(() => read({ stage, ...settings })).toThrow("The stage's name must be");
  });
});
