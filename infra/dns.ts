import { CfnOutput } from 'aws-cdk-lib';
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { liesIn } from './domain-names.ts';
import type { Stage } from './stages.ts';

/** A DNS record. Its strings may be CDK tokens, whose values only AWS knows, after the deployment. */
export interface DnsRecord {
  /** Part of logical ids: letters and digits, unique in a stack. */
  id: string;
  name: string;
  type: 'CNAME' | 'MX' | 'TXT';
  value: string;
}

/** Prefix of the outputs that name DNS records to enter. */
const dnsOutputPrefix = 'Dns';

/** The id of the stage's hosted zone if the domain lies in it, so that the stack can enter its records. */
export function zoneOf({ hostedZoneId, hostedZoneName }: Stage, domain: string): string | undefined {
  return !hostedZoneName || liesIn(domain, hostedZoneName) ? hostedZoneId : undefined;
}

/**
 * Enters a domain's records in the stage's hosted zone. Outside of it, they become outputs for the operator to enter.
 */
export function placeRecords(scope: Construct, stage: Stage, domain: string, records: DnsRecord[]): void {
  const hostedZoneId = zoneOf(stage, domain);
  for (const record of records) {
    if (!hostedZoneId) {
      printRecord(scope, record);
      continue;
    }
    const { id, name, type, value } = record;
    const resourceRecords = [type === 'TXT' ? `"${value}"` : value];
    new CfnRecordSet(scope, `${id}Record`, { hostedZoneId, name, type, ttl: '3600', resourceRecords });
  }
}

/** Makes an output of a record, for the operator to enter. */
export function printRecord(scope: Construct, { id, name, type, value }: DnsRecord): void {
  const outputName = `${dnsOutputPrefix}${id}`;
  new CfnOutput(scope, outputName, { value: `${name} ${type} ${value}` }).overrideLogicalId(outputName);
}

/**
 * Points a domain to its server: by A and AAAA records in the stage's hosted zone, else by an output that asks for a
 * CNAME.
 * @param target a name of AWS, and the zone that AWS keeps it in
 */
export function placeAddress(
  scope: Construct,
  stage: Stage,
  domain: string,
  target: { dnsName: string; hostedZoneId: string },
): void {
  const zone = zoneOf(stage, domain);
  if (!zone) {
    placeRecords(scope, stage, domain, [{ id: 'Address', name: domain, type: 'CNAME', value: target.dnsName }]);
    return;
  }
  for (const type of ['A', 'AAAA']) {
    new CfnRecordSet(scope, `${type}Record`, { hostedZoneId: zone, name: domain, type, aliasTarget: target });
  }
}

/** A certificate, issued once AWS finds the record that it enters in the hosted zone. @returns its ARN */
export function makeCertificate(scope: Construct, stage: Stage, domainName: string): string {
  const hostedZoneId = zoneOf(stage, domainName);
  if (!hostedZoneId) throw new Error(`${domainName} has neither a certificate nor a hosted zone to make one by.`);
  const certificate = new CfnCertificate(scope, 'Certificate', {
    domainName,
    validationMethod: 'DNS',
    domainValidationOptions: [{ domainName, hostedZoneId }],
  });
  return certificate.ref;
}

/** The DNS records that the operator has to enter, as a list made of a stack's outputs; empty if there are none. */
export function dnsList(outputs: { OutputKey?: string | undefined; OutputValue?: string | undefined }[]): string {
  const records = outputs
    .filter(({ OutputKey: key = '' }) => key.startsWith(dnsOutputPrefix))
    .map(({ OutputValue: value = '' }) => {
      const [name = '', type = '', ...rest] = value.split(' ');
      return { name, type, value: type === 'TXT' ? `"${rest.join(' ')}"` : rest.join(' ') };
    })
    .toSorted((one, other) => one.name.localeCompare(other.name) || one.type.localeCompare(other.type));
  if (records.length === 0) return '';
  const widest = Math.max(...records.map(({ name }) => name.length));
  const lines = records.map(({ name, type, value }) => `  ${name.padEnd(widest)}  ${type.padEnd(5)}  ${value}`);
  return `Enter in DNS what is not there yet (at the top of a zone, ALIAS or ANAME in place of CNAME):\n${lines.join('\n')}`;
}
