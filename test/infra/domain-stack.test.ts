import { describe, expect, test } from 'vitest';

import { propertiesOf, type SynthesisedTemplate, synthesise } from './synthesis.ts';

const zone = { domainName: 'papers.home.arpa', publicUrl: undefined, hostedZoneId: 'Z0123456789' };
const certificateArn = 'arn:aws:acm:eu-west-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555';

function domainOf(given: Record<string, unknown>): { domain: SynthesisedTemplate; service: SynthesisedTemplate } {
  const { domain, service } = synthesise(given);
  if (!domain) throw new Error('The stage has no stack for its names.');
  return { domain, service };
}

/** Names and types of the records that the stack enters itself; a name that AWS makes is shown by its attribute. */
const recordsOf = (template: SynthesisedTemplate) =>
  propertiesOf(template, 'AWS::Route53::RecordSet').map(
    ({ Name, Type }) => `${Name['Fn::GetAtt']?.[1] ?? Name} ${Type}`,
  );

const dkimTokens = [1, 2, 3].map(at => `DkimDNSTokenName${at} CNAME`);

describe('the names of a stage', () => {
  const { domain, service } = domainOf(zone);

  test('are served by the API with a certificate that the stack makes by the hosted zone', () => {
    expect(propertiesOf(domain, 'AWS::CertificateManager::Certificate')).toEqual([
      expect.objectContaining({
        DomainName: 'papers.home.arpa',
        ValidationMethod: 'DNS',
        DomainValidationOptions: [{ DomainName: 'papers.home.arpa', HostedZoneId: 'Z0123456789' }],
      }),
    ]);
    const [name] = propertiesOf(domain, 'AWS::ApiGatewayV2::DomainName');
    expect(name?.DomainNameConfigurations).toEqual([
      expect.objectContaining({ EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2', IpAddressType: 'dualstack' }),
    ]);
    expect(service.toJSON().Outputs.PublicUrl.Value).toBe('https://papers.home.arpa');
  });

  test('are mapped to the API in the service stack, which takes nothing else from theirs', () => {
    const [mapping, ...others] = propertiesOf(service, 'AWS::ApiGatewayV2::ApiMapping');
    expect(others).toEqual([]);
    expect(mapping).toMatchObject({ DomainName: 'papers.home.arpa', Stage: '$default' });
    domain.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 0);
    expect(JSON.stringify(service.toJSON())).not.toMatch(/ImportValue[^}]*domain/);
  });

  test('are entered in the hosted zone, with all that mail needs', () => {
    expect(recordsOf(domain).sort()).toEqual(
      [
        'papers.home.arpa A',
        'papers.home.arpa AAAA',
        ...dkimTokens,
        'mail.papers.home.arpa MX',
        'mail.papers.home.arpa TXT',
        '_dmarc.papers.home.arpa TXT',
      ].sort(),
    );
    expect(Object.keys(domain.findOutputs('*')).filter(name => name.startsWith('Dns'))).toEqual([]);
    const texts = propertiesOf(domain, 'AWS::Route53::RecordSet').filter(({ Type }) => Type === 'TXT');
    expect(texts.flatMap(({ ResourceRecords }) => ResourceRecords).sort()).toEqual([
      '"v=DMARC1; p=none"',
      '"v=spf1 include:amazonses.com ~all"',
    ]);
  });

  test('are kept when an operator would delete the stack, unless the stage is a trial', () => {
    const protectedBy = (given: object) => synthesise({ ...zone, ...given }).stacks.domain?.terminationProtection;
    expect([protectedBy({}), protectedBy({ keepData: false })]).toEqual([true, false]);
  });
});

test('the sender has an identity in SES, with DKIM of 2048 bits and a MAIL FROM of its own', () => {
  const { domain } = domainOf({ senderAddress: 'news@Mail.Papers.home.arpa' });
  expect(propertiesOf(domain, 'AWS::SES::EmailIdentity')).toEqual([
    expect.objectContaining({
      EmailIdentity: 'mail.papers.home.arpa',
      DkimSigningAttributes: { NextSigningKeyLength: 'RSA_2048_BIT' },
      MailFromAttributes: { MailFromDomain: 'mail.mail.papers.home.arpa' },
    }),
  ]);
});

describe('the stack names the records that it cannot enter itself:', () => {
  test('all of them, where it has no hosted zone', () => {
    const { domain } = domainOf({ ...zone, hostedZoneId: undefined, certificateArn });
    expect(recordsOf(domain)).toEqual([]);
    domain.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    const [name] = propertiesOf(domain, 'AWS::ApiGatewayV2::DomainName');
    expect(name?.DomainNameConfigurations[0].CertificateArn).toBe(certificateArn);

    const outputs = domain.toJSON().Outputs;
    expect(Object.keys(outputs).sort()).toEqual(
      ['DnsAddress', 'DnsDkim1', 'DnsDkim2', 'DnsDkim3', 'DnsDmarc', 'DnsMailFromMx', 'DnsMailFromSpf'].sort(),
    );
    expect(JSON.stringify(outputs.DnsAddress.Value)).toMatch(/papers\.home\.arpa CNAME .*RegionalDomainName/);
    expect(outputs.DnsDmarc.Value).toBe('_dmarc.papers.home.arpa TXT v=DMARC1; p=none');
  });

  test("the sender's records, where only the other name lies in the hosted zone", () => {
    const elsewhere = { senderAddress: 'news@letters.home.arpa', hostedZoneName: 'papers.home.arpa' };
    const { domain } = domainOf({ ...zone, ...elsewhere });
    expect(recordsOf(domain)).toEqual(['papers.home.arpa A', 'papers.home.arpa AAAA']);
    expect(domain.toJSON().Outputs.DnsMailFromSpf.Value).toMatch('mail.letters.home.arpa TXT v=spf1');
  });

  test('the records by which counted links find their way, which takes a CDN', () => {
    const tracked = { trackOpensAndClicks: true, redirectDomain: 'links.papers.home.arpa' };
    const { domain, service } = domainOf({ ...zone, ...tracked });
    expect(JSON.stringify(domain.toJSON().Outputs.DnsRedirect.Value)).toMatch('links.papers.home.arpa CNAME your CDN');
    const sets = propertiesOf(service, 'AWS::SES::ConfigurationSet');
    expect(sets.map(({ TrackingOptions }) => TrackingOptions)).toEqual([
      undefined,
      undefined,
      { CustomRedirectDomain: 'links.papers.home.arpa', HttpsPolicy: 'REQUIRE' },
    ]);
  });
});

test("a DMARC record is as the stage says, and is another's where it is kept", () => {
  const dmarcOf = (dmarc: string) => domainOf({ dmarc }).domain.toJSON().Outputs.DnsDmarc?.Value;
  expect([dmarcOf('reject'), dmarcOf('kept')]).toEqual(['_dmarc.papers.home.arpa TXT v=DMARC1; p=reject', undefined]);
});

test('a stage without a domain, whose sender SES knows already, has no names to keep', () => {
  expect(synthesise({ existingIdentity: 'home.arpa' }).domain).toBeUndefined();
});

test('mail is never sent in clear text, and its reputation is measured', () => {
  const sets = propertiesOf(synthesise({ trackOpensAndClicks: true }).service, 'AWS::SES::ConfigurationSet');
  expect(sets).toHaveLength(3);
  for (const set of sets) {
    expect(set).toMatchObject({
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
    });
  }
});
