import { CfnOutput } from 'aws-cdk-lib';
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { liesIn } from './domain-names.ts';
import type { Stage } from './stages.ts';

/** A DNS entry. Its strings may be tokens, known to AWS alone until the stack is there. */
export interface DnsRecord {
  /** Part of logical ids: unique in a stack, letters and digits. */
  id: string;
  name: string;
  type: 'CNAME' | 'MX' | 'TXT';
  value: string;
}

/** Names of outputs that say what to enter in DNS begin with this. */
const dnsOutputPrefix = 'Dns';

/** The id of the stage's hosted zone, if that holds a domain, so that the stack can enter its records. */
export function zoneOf({ hostedZoneId, hostedZoneName }: Stage, domain: string): string | undefined {
  return !hostedZoneName || liesIn(domain, hostedZoneName) ? hostedZoneId : undefined;
}

/** Enters a domain's records in the stage's hosted zone. Where it lies elsewhere they become outputs, for a person to enter. */
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

/** Leaves it to a person to enter a record. */
export function printRecord(scope: Construct, { id, name, type, value }: DnsRecord): void {
  const outputName = `${dnsOutputPrefix}${id}`;
  new CfnOutput(scope, outputName, { value: `${name} ${type} ${value}` }).overrideLogicalId(outputName);
}

/**
 * Leads a domain to what serves it: by A and AAAA in the stage's hosted zone, else by an output that asks for a CNAME.
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

/** Issued once AWS finds the record that it enters in the hosted zone itself. @returns the certificate's ARN */
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

/** A readable list of what a person has to enter in DNS, from a stack's outputs; empty when there is nothing. */
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
