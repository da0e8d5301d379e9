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

/** The region of CloudFront's certificates and firewalls, whatever the stage's region. */
export const cdnRegion = 'us-east-1';

/** The stack's parameter with the secret that the CDN sends to the public API. */
export const cdnSecretParameter = 'OriginSecret';

/** CloudFront's own hosted zone, the same for all its names. */
const cloudFrontZone = 'Z2FDTNDATAQYW2';

/** Errors, which CloudFront would keep for 10 seconds. They are not kept: a missing paper may come at any time. */
const errors = [400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504];

/**
 * CloudFront, which keeps public answers for as long as their headers say, and a firewall. Of the other stacks it needs
 * only the name under which the gateway serves the API.
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
      description: 'The proof to the public API that a request comes through this CDN; npm run deploy gives it',
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
        // The function compresses, and leaves out answers with secrets.
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

  /** Keeps an answer for as long as its headers say, and without such a header not at all. */
  private cachePolicy(name: string): CachePolicy {
    return new CachePolicy(this, 'Cache', {
      cachePolicyName: `${name}-public`,
      minTtl: Duration.seconds(0),
      defaultTtl: Duration.seconds(0),
      maxTtl: Duration.hours(1),
      queryStringBehavior: CacheQueryStringBehavior.all(),
      cookieBehavior: CacheCookieBehavior.none(),
      // Answers differ by origin (CORS). CloudFront passes Authorization on only from here; its answers have no-store.
      headerBehavior: CacheHeaderBehavior.allowList('Authorization', 'Origin'),
      enableAcceptEncodingBrotli: true,
      enableAcceptEncodingGzip: true,
    });
  }

  /** Headers passed on that do not divide the cache. Without Host: the gateway knows its own name alone. */
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
