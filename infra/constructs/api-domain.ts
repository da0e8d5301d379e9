import { CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import { makeCertificate, placeAddress } from '../dns.ts';
import type { Stage } from '../stages.ts';

/** The name under which API Gateway serves a stage, with its certificate and its DNS records. */
export class ApiDomain extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, domainName: string) {
    super(scope, id);
    const domain = new CfnDomainName(this, 'Name', {
      domainName,
      domainNameConfigurations: [
        {
          certificateArn: stage.certificateArn ?? makeCertificate(this, stage, domainName),
          endpointType: 'REGIONAL',
          securityPolicy: 'TLS_1_2',
          ipAddressType: 'dualstack',
        },
      ],
    });
    const { attrRegionalDomainName: dnsName, attrRegionalHostedZoneId: hostedZoneId } = domain;
    placeAddress(this, stage, domainName, { dnsName, hostedZoneId });
  }
}
