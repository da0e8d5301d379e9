import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** Requests of one IP in 5 minutes: enough for hundreds of readers behind one IP, far fewer than a flood has. */
const mostRequests = 2_000;

/** Paths without a limit: one-click unsubscriptions come by the thousand from the few addresses of a mail provider. */
const waysOut = ['/subscriptions/unsubscribe', '/subscriptions/unsubscribe/reason', '/v1/subscriptions/unsubscribe'];

/** AWS's rules that would refuse valid requests. Their matches are counted only. */
const countedRules = [
  // Mail clients and feed readers may send no name.
  'NoUserAgent_HEADER',
  // The function judges typed text itself: a search for "<script>" or "app.log" is valid, and so is any muted word. It
  // limits and escapes every text, and opens no file or address that a request names.
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

/** The CDN's firewall. It refuses too many requests of one IP, and requests that AWS's own rules know as attacks. */
export class Firewall extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    // No samples: they would hold visitors' IPs and tokens of links.
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
