import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** Requests of one address in five minutes: hundreds of people behind one address, and far below what a flood has. */
const mostRequests = 2_000;

/** The ways out, which nothing may close: one-click posts come by the thousand from the few addresses of a mail provider. */
const waysOut = ['/subscriptions/unsubscribe', '/subscriptions/unsubscribe/reason', '/v1/subscriptions/unsubscribe'];

/** Rules of AWS that would refuse what readers may send. They are counted, and refuse nothing. */
const countedRules = [
  // Mail clients and feed readers may have no name.
  'NoUserAgent_HEADER',
  // What is typed is the function's to judge: a search for "<script>" or "app.log" is a question, and muted words may be
  // any. It says its own limits, shows every text as text, and opens no file and no address that a request names.
  ...['SizeRestrictions_QUERYSTRING', 'SizeRestrictions_BODY'],
  ...['CrossSiteScripting', 'EC2MetaDataSSRF', 'GenericLFI', 'GenericRFI'].flatMap(attack => [
    `${attack}_QUERYARGUMENTS`,
    `${attack}_BODY`,
  ]),
  'RestrictedExtensions_QUERYARGUMENTS',
];

const tooMany = {
  type: 'urn:daily-papers:problem:too-many-requests',
  title: 'Too many requests',
  status: 429,
  detail: 'Your network asked too often. Try again in five minutes.',
};

/** What the CDN asks before it passes a request on: not too many by one address, and none that AWS's own rules know as bad. */
export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    // No samples: they would hold the visitors' addresses, and tokens of links.
    const visibility = (metricName: string) => ({
      metricName,
      cloudWatchMetricsEnabled: true,
      sampledRequestsEnabled: false,
    });
    const acl = new CfnWebACL(this, 'WebAcl', {
      name,
      scope: 'CLOUDFRONT',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(name),
      customResponseBodies: {
        TooMany: { contentType: 'APPLICATION_JSON', content: JSON.stringify(tooMany) },
      },
      rules: [
        {
          name: 'requests-of-one-address',
          priority: 0,
          statement: {
            rateBasedStatement: {
              aggregateKeyType: 'IP',
              limit: mostRequests,
              evaluationWindowSec: 300,
              scopeDownStatement: notWaysOut,
            },
          },
          action: {
            block: {
              customResponse: {
                responseCode: 429,
                customResponseBodyKey: 'TooMany',
                responseHeaders: [
                  { name: 'retry-after', value: '300' },
                  { name: 'cache-control', value: 'no-store' },
                ],
              },
            },
          },
          visibilityConfig: visibility('requests-of-one-address'),
        },
        {
          name: 'known-attacks',
          priority: 1,
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name: 'AWSManagedRulesCommonRuleSet',
              scopeDownStatement: notWaysOut,
              ruleActionOverrides: countedRules.map(name => ({ name, actionToUse: { count: {} } })),
            },
          },
          overrideAction: { none: {} },
          visibilityConfig: visibility('known-attacks'),
        },
      ],
    });
    this.arn = acl.attrArn;
  }
}

const notWaysOut: CfnWebACL.StatementProperty = {
  notStatement: {
    statement: {
      orStatement: {
        statements: waysOut.map(path => ({
          byteMatchStatement: {
            searchString: path,
            fieldToMatch: { uriPath: {} },
            positionalConstraint: 'EXACTLY',
            textTransformations: [{ priority: 0, type: 'NONE' }],
          },
        })),
      },
    },
  },
};
