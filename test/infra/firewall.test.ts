import { describe, expect, test } from 'vitest';
import { propertiesOf, synthesise } from './synthesis.ts';

const behindCdn = { domainName: 'papers.home.arpa', publicUrl: undefined, hostedZoneId: 'Z0123456789', cdn: true };
const { cdn } = synthesise(behindCdn);
const [acl] = cdn ? propertiesOf(cdn, 'AWS::WAFv2::WebACL') : [];
const [flood, attacks] = acl.Rules;

describe('the firewall', () => {
  test('lets in what no rule refuses, and keeps no request', () => {
    expect(acl).toMatchObject({ Scope: 'CLOUDFRONT', DefaultAction: { Allow: {} } });
    expect(acl.Rules).toHaveLength(2);
    for (const { VisibilityConfig } of [acl, flood, attacks]) {
      expect(VisibilityConfig).toMatchObject({ SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true });
    }
  });

  test.each(['RateBasedStatement', 'ManagedRuleGroupStatement'])('looks not at those who leave in its %s', kind => {
    const { Statement } = acl.Rules.find((rule: { Statement: object }) => kind in rule.Statement);
    const { Statements } = Statement[kind].ScopeDownStatement.NotStatement.Statement.OrStatement;
    const exactly = (path: string) => ({
      ByteMatchStatement: {
        SearchString: path,
        FieldToMatch: { UriPath: {} },
        PositionalConstraint: 'EXACTLY',
        TextTransformations: [{ Priority: 0, Type: 'NONE' }],
      },
    });
    const paths = ['/subscriptions/unsubscribe', '/subscriptions/unsubscribe/reason', '/v1/subscriptions/unsubscribe'];
    expect(Statements).toEqual(paths.map(exactly));
  });

  test('answers a flood with problem details', () => {
    expect(flood).toMatchObject({
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300 } },
      Action: { Block: { CustomResponse: { ResponseCode: 429, CustomResponseBodyKey: 'TooMany' } } },
    });
    expect(JSON.parse(acl.CustomResponseBodies.TooMany.Content)).toMatchObject({ status: 429 });
  });

  test('refuses no text for what it says, and nobody for having no name', () => {
    const { Name, VendorName, RuleActionOverrides } = attacks.Statement.ManagedRuleGroupStatement;
    expect([VendorName, Name]).toEqual(['AWS', 'AWSManagedRulesCommonRuleSet']);
    const counted = RuleActionOverrides.map(({ Name, ActionToUse }: Record<string, unknown>) => [Name, ActionToUse]);
    const typed = ['CrossSiteScripting', 'EC2MetaDataSSRF', 'GenericLFI', 'GenericRFI'];
    const names = [
      'NoUserAgent_HEADER',
      'SizeRestrictions_QUERYSTRING',
      'SizeRestrictions_BODY',
      'RestrictedExtensions_QUERYARGUMENTS',
      ...typed.flatMap(rule => [`${rule}_QUERYARGUMENTS`, `${rule}_BODY`]),
    ];
    expect(counted.sort()).toEqual(names.sort().map(name => [name, { Count: {} }]));
  });
});
