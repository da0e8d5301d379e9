import { expect, test } from 'vitest';
import { dnsList } from '../../infra/dns.ts';

test('the records that the operator has to enter in DNS are a list, with texts in quotes', () => {
  const outputs = [
    { OutputKey: 'DnsMailFromSpf', OutputValue: 'mail.papers.home.arpa TXT v=spf1 include:amazonses.com ~all' },
    { OutputKey: 'DnsMailFromMx', OutputValue: 'mail.papers.home.arpa MX 10 feedback-smtp.eu-west-1.amazonses.com' },
    { OutputKey: 'Other', OutputValue: 'x' },
    { OutputKey: 'DnsAddress', OutputValue: 'papers.home.arpa CNAME d-1.execute-api.eu-west-1.amazonaws.com' },
  ];
  expect(dnsList(outputs).split('\n').slice(1)).toEqual([
    '  mail.papers.home.arpa  MX     10 feedback-smtp.eu-west-1.amazonses.com',
    '  mail.papers.home.arpa  TXT    "v=spf1 include:amazonses.com ~all"',
    '  papers.home.arpa       CNAME  d-1.execute-api.eu-west-1.amazonaws.com',
  ]);
  expect(dnsList([{ OutputKey: 'Other', OutputValue: 'x' }])).toBe('');
});
