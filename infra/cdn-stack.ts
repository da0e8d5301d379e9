import { type App, CfnOutput, CfnParameter, Duration, Stack, Validations } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  CacheCookieBehavior,
  CacheHeaderBehavior,
  CachePolicy,
  CacheQueryStringBehavior,
  Distribution,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  OriginSslPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { cdnSecretHeader, viewerAddressHeader } from '../shared/http/cdn.ts';
import { Firewall } from './constructs/firewall.ts';
import { makeCertificate, placeAddress } from './dns.ts';
import { originNameOf, type Stage } from './stages.ts';

/** Where CloudFront's certificates and firewalls live, wherever the stage is. */
export const cdnRegion = 'us-east-1';

/** The stack's parameter that holds the secret which the CDN shows to the public API. */
export const cdnSecretParameter = 'OriginSecret';

/** CloudFront's own zone, the same for all its names. */
const cloudFrontZone = 'Z2FDTNDATAQYW2';

/** Answers that CloudFront would keep for ten seconds, whatever they say: a paper that was not there may come. */
const errors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/**
 * What stands between readers and the API where a stage has it: CloudFront, which keeps public answers for as long as they
 * say, and a firewall. It needs nothing of the other stacks but the name under which the API serves it.
 */
export class CdnStack extends Stack {
  constructor(app: App, id: string, stage: Stage, domainName: string) {
    super(app, id, {
      description: `Daily Papers (${stage.name}): the CDN in front of the API`,
      env: { region: cdnRegion },
    });
    const secret = new CfnParameter(this, cdnSecretParameter, {
      noEcho: true,
      minLength: 43,
      description: 'What proves to the public API that a request comes through this CDN; npm run deploy gives it',
    });
    const certificateArn = stage.cdnCertificateArn ?? makeCertificate(this, stage, domainName);
    const name = `daily-papers-${stage.name}`;
    const distribution = new Distribution(this, 'Distribution', {
      comment: name,
      domainNames: [domainName],
      certificate: Certificate.fromCertificateArn(this, 'DomainCertificate', certificateArn),
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      httpVersion: HttpVersion.HTTP2_AND_3,
      webAclId: new Firewall(this, 'Firewall', name).arn,
      defaultBehavior: {
        origin: new HttpOrigin(originNameOf(domainName), {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          originSslProtocols: [OriginSslPolicy.TLS_V1_2],
          customHeaders: { [cdnSecretHeader]: secret.valueAsString },
        }),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: this.cachePolicy(name),
        originRequestPolicy: this.originRequestPolicy(name),
        // The function compresses, and knows what it must not compress.
        compress: false,
      },
      errorResponses: errors.map(httpStatus => ({ httpStatus, ttl: Duration.seconds(0) })),
    });
    const acknowledge = (finding: string, reason: string) =>
      Validations.of(distribution).acknowledge({ id: `AwsSolutions-${finding}`, reason });
    acknowledge('CFR1', 'Papers are for readers everywhere.');
    acknowledge(
      'CFR3',
      'Its log would hold addresses of visitors and tokens of links; the log of the API has neither.',
    );

    const dnsName = distribution.distributionDomainName;
    placeAddress(this, stage, domainName, { dnsName, hostedZoneId: cloudFrontZone });
    new CfnOutput(this, 'CdnTarget', { value: dnsName });
  }

  /** Answers are kept for as long as they say, and not at all when they say nothing. */
  private cachePolicy(name: string): CachePolicy {
    return new CachePolicy(this, 'Cache', {
      cachePolicyName: `${name}-public`,
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.hours(1),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      cookieBehavior: CacheCookieBehavior.none(),
      // Answers differ by origin (CORS). Authorization reaches the function in no other way, and is answered with no-store.
      headerBehavior: CacheHeaderBehavior.allowList('Authorization', 'Origin'),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }

  /** What the function is told beside what answers are kept by. Not the host: the gateway knows its own name alone. */
  private originRequestPolicy(name: string): OriginRequestPolicy {
    return new OriginRequestPolicy(this, 'Request', {
      originRequestPolicyName: `${name}-request`,
      headerBehavior: OriginRequestHeaderBehavior.allowList(
        'Accept',
        'Accept-Language',
        'Access-Control-Request-Headers',
        'Access-Control-Request-Method',
        'Content-Type',
        'User-Agent',
        viewerAddressHeader,
      ),
    });
  }
}
