import { describe, expect, test } from 'vitest';

import { cdnSecretHeader } from '../../shared/http/cdn.ts';
import { propertiesOf, type SynthesisedTemplate, synthesise } from './synthesis.ts';

/** Properties of the one resource of a type. */
function only(template: SynthesisedTemplate, type: string) {
  template.resourceCountIs(type, 1);
  return propertiesOf(template, type)[0];
}

const zone = { domainName: 'papers.home.arpa', publicUrl: undefined, hostedZoneId: 'Z0123456789', cdn: true };
const arn = (region: string) => `arn:aws:acm:${region}:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555`;

function stageOf(given: Record<string, unknown>): {
  cdn: SynthesisedTemplate;
  domain: SynthesisedTemplate;
  service: SynthesisedTemplate;
  region: string;
} {
  const { cdn, domain, service, stacks } = synthesise(given);
  if (!cdn || !domain) throw new Error('The stage has no CDN.');
  return { cdn, domain, service, region: stacks.cdn?.region ?? '' };
}

const recordsOf = (template: SynthesisedTemplate) =>
  propertiesOf(template, 'AWS::Route53::RecordSet').map(({ Name, Type }) => `${Name} ${Type}`);

describe('the CDN of a stage', () => {
  const { cdn, domain, service, region } = stageOf(zone);
  const { DistributionConfig: config } = only(cdn, 'AWS::CloudFront::Distribution');
  const behaviour = config.DefaultCacheBehavior;

  test('stands in the region of CloudFront, and serves the domain by a certificate of its own', () => {
    expect(region).toBe('us-east-1');
    expect(config).toMatchObject({
      Aliases: ['papers.home.arpa'],
      Enabled: true,
      WebACLId: { 'Fn::GetAtt': [expect.stringContaining('Firewall'), 'Arn'] },
      IPV6Enabled: true,
      HttpVersion: 'http2and3',
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    });
    expect(propertiesOf(cdn, 'AWS::CertificateManager::Certificate')).toEqual([
      expect.objectContaining({ DomainName: 'papers.home.arpa', ValidationMethod: 'DNS' }),
    ]);
  });

  test('asks the API by the origin’s name, over TLS, and shows the secret that the deployment gives', () => {
    const [origin, ...others] = config.Origins;
    expect(others).toEqual([]);
    expect(origin).toMatchObject({
      DomainName: 'origin.papers.home.arpa',
      CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
      OriginCustomHeaders: [{ HeaderName: cdnSecretHeader, HeaderValue: { Ref: 'OriginSecret' } }],
    });
    const { OriginSecret } = cdn.findParameters('OriginSecret');
    expect(OriginSecret).toMatchObject({ Type: 'String', NoEcho: true });
    expect(OriginSecret).not.toHaveProperty('Default');
    expect(propertiesOf(domain, 'AWS::ApiGatewayV2::DomainName')).toMatchObject([
      { DomainName: 'origin.papers.home.arpa' },
    ]);
    expect(propertiesOf(service, 'AWS::ApiGatewayV2::ApiMapping')).toMatchObject([
      { DomainName: 'origin.papers.home.arpa' },
    ]);
  });

  test('has the domain’s records, and the gateway has those of the origin', () => {
    expect(recordsOf(cdn).sort()).toEqual(['papers.home.arpa A', 'papers.home.arpa AAAA']);
    const [record] = propertiesOf(cdn, 'AWS::Route53::RecordSet');
    expect(record?.AliasTarget.HostedZoneId).toBe('Z2FDTNDATAQYW2');
    expect(recordsOf(domain)).toEqual(
      expect.arrayContaining(['origin.papers.home.arpa A', 'origin.papers.home.arpa AAAA']),
    );
    expect(recordsOf(domain)).not.toContain('papers.home.arpa A');
  });

  test('is what readers are told of, and the function answers to it alone', () => {
    expect(service.toJSON().Outputs.PublicUrl.Value).toBe('https://papers.home.arpa');
    const told = (template: SynthesisedTemplate) =>
      new Set(
        propertiesOf(template, 'AWS::Lambda::Function').map(({ Environment }) => Environment.Variables.BEHIND_CDN),
      );
    expect(told(service)).toEqual(new Set(['true']));
    expect(told(synthesise({ ...zone, cdn: false }).service)).toEqual(new Set([undefined]));
    // The operator's API stays where it was.
    expect(JSON.stringify(service.toJSON().Outputs.AdminUrl.Value)).toContain('ApiEndpoint');
    expect(only(service, 'AWS::ApiGatewayV2::Api')).not.toHaveProperty('DisableExecuteApiEndpoint');
  });

  test('keeps answers for as long as they say, by what they depend on, and nobody’s cookies', () => {
    const { CachePolicyConfig: cache } = only(cdn, 'AWS::CloudFront::CachePolicy');
    expect(cache).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: 'none' },
        HeadersConfig: { HeaderBehavior: 'whitelist', Headers: ['Authorization', 'Origin'] },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
        EnableAcceptEncodingBrotli: true,
        EnableAcceptEncodingGzip: true,
      },
    });
    expect(behaviour).toMatchObject({ Compress: false, ViewerProtocolPolicy: 'redirect-to-https' });
    expect([...behaviour.AllowedMethods].sort()).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT']);
    expect(config.CacheBehaviors).toBeUndefined();
    // A log of the CDN would hold addresses of readers and tokens of links.
    expect(config.Logging).toBeUndefined();
    const waits = config.CustomErrorResponses.map((error: { ErrorCachingMinTTL: number }) => error.ErrorCachingMinTTL);
    expect(new Set(waits)).toEqual(new Set([0]));
    expect(config.CustomErrorResponses).toHaveLength(11);
  });

  test('tells the function who asks, and not by which host', () => {
    const { OriginRequestPolicyConfig: asked } = only(cdn, 'AWS::CloudFront::OriginRequestPolicy');
    expect(asked.HeadersConfig.HeaderBehavior).toBe('whitelist');
    const headers: string[] = asked.HeadersConfig.Headers;
    expect(headers).toEqual(expect.arrayContaining(['CloudFront-Viewer-Address', 'User-Agent', 'Content-Type']));
    expect(headers.map(header => header.toLowerCase())).not.toEqual(expect.arrayContaining(['host', 'cookie']));
    // CloudFront's own limit.
    expect(headers.length).toBeLessThanOrEqual(10);
    expect(asked.CookiesConfig).toEqual({ CookieBehavior: 'none' });
  });
});

test('the stack names the records that it cannot enter in DNS', () => {
  const certificates = { certificateArn: arn('eu-west-1'), cdnCertificateArn: arn('us-east-1') };
  const { cdn, domain } = stageOf({ ...zone, hostedZoneId: undefined, ...certificates });
  expect(recordsOf(cdn)).toEqual([]);
  cdn.resourceCountIs('AWS::CertificateManager::Certificate', 0);
  expect(JSON.stringify(cdn.toJSON().Outputs.DnsAddress.Value)).toMatch(/papers\.home\.arpa CNAME .*DomainName/);
  expect(JSON.stringify(domain.toJSON().Outputs.DnsAddress.Value)).toMatch(/origin\.papers\.home\.arpa CNAME/);
  const { DistributionConfig } = only(cdn, 'AWS::CloudFront::Distribution');
  expect(DistributionConfig.ViewerCertificate.AcmCertificateArn).toBe(arn('us-east-1'));
});

test('the stacks are deployed in an order in which readers find something', () => {
  const { stacks } = synthesise(zone);
  const order = (of: 'cdn' | 'service') => stacks[of]?.dependencies;
  expect(order('cdn')).toEqual(['daily-papers-prod-domain']);
  expect(order('service')).toContain('daily-papers-prod-cdn');
});

test('a stage without the setting has none', () => {
  expect(synthesise({ ...zone, cdn: undefined }).cdn).toBeUndefined();
});

test.each([
  [{ cdn: true }, 'cdn needs domainName'],
  [{ ...zone, hostedZoneId: undefined, certificateArn: arn('eu-west-1') }, 'cdn needs cdnCertificateArn'],
  [{ ...zone, certificateArn: arn('eu-west-1'), hostedZoneName: 'other.home.arpa' }, 'cdn needs cdnCertificateArn'],
  [
    { ...zone, cdnCertificateArn: arn('eu-west-1') },
    'cdnCertificateArn: must be the ARN of a certificate in us-east-1',
  ],
  [{ ...zone, cdn: false, cdnCertificateArn: arn('us-east-1') }, 'cdnCertificateArn is of no use without cdn'],
  [{ ...zone, cdn: 'perhaps' }, 'cdn: '],
])('%j is refused: %s', (given, sentence) => {
  expect(() => synthesise(given)).toThrow(`\n  ${sentence}`);
});
