import type { Resolver } from 'node:dns/promises';
import {
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
  NoSuchHostedZone,
  type Route53Client,
  type RRType,
} from '@aws-sdk/client-route-53';
import { domainOf } from '../../shared/email/headers.ts';
import { zoneOf } from '../dns.ts';
import { liesIn } from '../domain-names.ts';
import type { Fault } from '../stage-rules.ts';
import { cdnStackNameOf, domainStackOf, gatewayNameOf, type Stage } from '../stages.ts';
import type { Clients } from './clients.ts';
import { hasMade } from './stacks.ts';

const bare = (name: string) => name.toLowerCase().replace(/\.$/, '');

/** The domains that need records in DNS, each with its setting. */
function domainsOf(stage: Stage): { setting: Fault['setting']; domain: string }[] {
  return [
    ...[...new Set([stage.domainName, gatewayNameOf(stage)])].flatMap(domain =>
      domain ? [{ setting: 'domainName' as const, domain }] : [],
    ),
    ...(stage.existingIdentity ? [] : [{ setting: 'senderAddress' as const, domain: domainOf(stage.senderAddress) }]),
  ];
}

/** The name servers of a domain itself; empty if DNS knows none. @throws Error when DNS can't be asked */
async function nameServersOf(resolver: Resolver, domain: string): Promise<string[]> {
  try {
    return (await resolver.resolveNs(domain)).map(bare);
  } catch (error) {
    if (['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** Whether the domains outside the hosted zone, or domains above them, are registered. */
export async function registrationFaults(stage: Stage, resolver: Resolver): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { setting, domain } of domainsOf(stage).filter(each => !zoneOf(stage, each.domain))) {
    const labels = domain.split('.');
    const parents = labels.slice(0, -1).map((_, at) => labels.slice(at).join('.'));
    let found = false;
    for (const parent of parents) found ||= (await nameServersOf(resolver, parent)).length > 0;
    const is = `speaks of ${domain}, which has no records in DNS, nor has a domain above it: register it, or mend the name`;
    if (!found) faults.push({ setting, is });
  }
  return faults;
}

/** Whether the hosted zone exists, is the one that DNS asks, and can hold the stack's records. */
export async function zoneFaults(stage: Stage, clients: Clients, resolver: Resolver | undefined): Promise<Fault[]> {
  const { hostedZoneId, hostedZoneName } = stage;
  if (!hostedZoneId) return [];
  const answer = await clients.route53.send(new GetHostedZoneCommand({ Id: hostedZoneId })).catch(error => {
    if (error instanceof NoSuchHostedZone) return undefined;
    throw error;
  });
  const fault = (is: string, setting: Fault['setting'] = 'hostedZoneId'): Fault[] => [{ setting, is }];
  if (!answer?.HostedZone) return fault(`is ${hostedZoneId}, which is no hosted zone of this account: mend it`);
  const zone = bare(answer.HostedZone.Name ?? '');
  if (answer.HostedZone.Config?.PrivateZone) return fault(`is the private zone ${zone}: give the public one`);
  if (hostedZoneName && hostedZoneName !== zone) {
    return fault(`is ${hostedZoneName}, and ${hostedZoneId} is the zone ${zone}: give that name`, 'hostedZoneName');
  }
  const outside = domainsOf(stage).filter(({ domain }) => zoneOf(stage, domain) && !liesIn(domain, zone));
  if (outside.length > 0) {
    const names = outside.map(({ domain }) => domain).join(' and ');
    const is = `is the zone ${zone}, in which ${names} can't be entered: give hostedZoneName=${zone}, and enter those records by hand`;
    return fault(is);
  }
  if (resolver) {
    const asked = await nameServersOf(resolver, zone);
    const wanted = (answer.DelegationSet?.NameServers ?? []).map(bare);
    if (!asked.some(server => wanted.includes(server))) {
      const found = asked.length > 0 ? `asks ${asked.join(', ')}` : 'knows no name servers';
      const is = `is the zone ${zone}, for which DNS ${found}: enter ${wanted.join(', ')} as its name servers where ${zone} is registered`;
      return fault(is);
    }
  }
  return takenFaults(stage, clients);
}

/** Whether the zone already has records that the stack would enter. CloudFormation changes only records of its own. */
async function takenFaults(stage: Stage, clients: Clients): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const { setting, name, type } of recordsToEnter(stage)) {
    if (!(await hasRecord(clients.route53, stage.hostedZoneId ?? '', name, type))) continue;
    if (await isOurs(stage, clients, name)) continue;
    const way = setting === 'dmarc' ? 'give dmarc=kept, and it stays' : 'delete that record, or give another name';
    faults.push({
      setting,
      is: `needs the record ${name} ${type}, and the hosted zone has one that is not the stack's: ${way}`,
    });
  }
  return faults;
}

async function isOurs(stage: Stage, { cloudFormation, cdn }: Clients, name: string): Promise<boolean> {
  const type = 'AWS::Route53::RecordSet';
  if (await hasMade(cloudFormation, domainStackOf(stage), type, name)) return true;
  return stage.cdn ? hasMade(cdn.cloudFormation, cdnStackNameOf(stage), type, name) : false;
}

interface NamedRecord {
  setting: Fault['setting'];
  name: string;
  type: RRType;
}

/** The records whose names are known before the deployment. Those of DKIM are not. */
function recordsToEnter(stage: Stage): NamedRecord[] {
  const named = domainsOf(stage).filter(({ domain }) => zoneOf(stage, domain));
  return named.flatMap(({ setting, domain }): NamedRecord[] => {
    // A CNAME excludes every other record of its name.
    if (setting === 'domainName') return addressTypes.map(type => ({ setting, name: domain, type }));
    return [
      { setting, name: `mail.${domain}`, type: 'MX' },
      { setting, name: `mail.${domain}`, type: 'TXT' },
      ...(stage.dmarc === 'kept' ? [] : [{ setting: 'dmarc', name: `_dmarc.${domain}`, type: 'TXT' } as const]),
    ];
  });
}

const addressTypes: RRType[] = ['A', 'AAAA', 'CNAME'];

async function hasRecord(route53: Route53Client, zone: string, name: string, type: RRType): Promise<boolean> {
  const input = { HostedZoneId: zone, StartRecordName: name, StartRecordType: type, MaxItems: 1 };
  const { ResourceRecordSets: sets = [] } = await route53.send(new ListResourceRecordSetsCommand(input));
  return sets.some(set => bare(set.Name ?? '') === name && set.Type === type);
}
