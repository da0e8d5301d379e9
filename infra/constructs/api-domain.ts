import { CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { placeRecords, zoneOf } from '../dns.ts';
import type { Stage } from '../stages.ts';

/** The name under which API Gateway serves a stage, with its certificate and its addresses in DNS. */
export class ApiDomain extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, domainName: string) {
    super(scope, id);
    const zone = zoneOf(stage, domainName);
    const domain = new CfnDomainName(this, 'Name', {
      domainName,
      domainNameConfigurations: [
        {
          certificateArn: stage.certificateArn ?? this.makeCertificate(domainName, zone),
          endpointType: 'REGIONAL',
          securityPolicy: 'TLS_1_2',
          ipAddressType: 'dualstack',
        },
      ],
    });
    const { attrRegionalDomainName: dnsName, attrRegionalHostedZoneId: hostedZoneId } = domain;
    if (zone) {
      for (const type of ['A', 'AAAA']) {
        new CfnRecordSet(this, `${type}Record`, {
          hostedZoneId: zone,
          name: domainName,
          type,
          aliasTarget: { dnsName, hostedZoneId },
        });
      }
    } else {
      placeRecords(this, stage, domainName, [{ id: 'Address', name: domainName, type: 'CNAME', value: dnsName }]);
    }
  }

  /** Issued once AWS finds the record that it enters in the hosted zone itself. @returns the certificate's ARN */
  private makeCertificate(domainName: string, zone: string | undefined): string {
    if (!zone) throw new Error(`${domainName} has neither a certificate nor a hosted zone to make one by.`);
    const certificate = new CfnCertificate(this, 'Certificate', {
      domainName,
      validationMethod: 'DNS',
      domainValidationOptions: [{ domainName, hostedZoneId: zone }],
    });
    return certificate.ref;
  }
}
