import { type ACMClient, DescribeCertificateCommand, ResourceNotFoundException } from '@aws-sdk/client-acm';
import { GetDomainNameCommand, NotFoundException } from '@aws-sdk/client-apigatewayv2';
import type { Fault } from '../stage-rules.ts';
import { domainStackOf, gatewayNameOf, type Stage } from '../stages.ts';
import type { Clients } from './clients.ts';
import { hasMade, ownerOf } from './stacks.ts';

/** The answer; undefined if AWS answers with this error, which means that there is none. */
async function unless<Answer>(
  missing: abstract new (...args: never[]) => Error,
  asked: Promise<Answer>,
): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof missing) return undefined;
    throw error;
  }
}

/** Whether a certificate's name, which may begin with `*.` for one label, covers a domain. */
function covers(name: string, domain: string): boolean {
  const certified = name.toLowerCase();
  if (!certified.startsWith('*.')) return certified === domain;
  return domain.slice(domain.indexOf('.')) === certified.slice(1);
}

/** Whether the given certificates exist, are issued, and cover the names that they serve. */
export async function certificateFaults(stage: Stage, { acm, cdn }: Clients): Promise<Fault[]> {
  const { certificateArn, cdnCertificateArn, domainName } = stage;
  const gatewayName = gatewayNameOf(stage);
  return [
    ...(certificateArn && gatewayName ? await faultsOfOne('certificateArn', certificateArn, gatewayName, acm) : []),
    ...(cdnCertificateArn && domainName
      ? await faultsOfOne('cdnCertificateArn', cdnCertificateArn, domainName, cdn.acm)
      : []),
  ];
}

async function faultsOfOne(setting: Fault['setting'], arn: string, domain: string, acm: ACMClient): Promise<Fault[]> {
  const fault = (is: string): Fault[] => [{ setting, is }];
  const asked = acm.send(new DescribeCertificateCommand({ CertificateArn: arn }));
  const certificate = (await unless(ResourceNotFoundException, asked))?.Certificate;
  if (!certificate) return fault('names no certificate of this account and region: give the ARN that ACM shows for it');

  const { Status, SubjectAlternativeNames: others = [], DomainName: first = '' } = certificate;
  const names = [...new Set([first, ...others])];
  if (!names.some(name => covers(name, domain))) {
    return fault(`is for ${names.join(', ')}, and not for ${domain}: give a certificate that names it`);
  }
  if (Status === 'ISSUED') return [];
  const records = (certificate.DomainValidationOptions ?? []).flatMap(({ ResourceRecord: record }) =>
    record ? `${record.Name} ${record.Type} ${record.Value}` : [],
  );
  const enter = records.length > 0 ? `enter in DNS ${[...new Set(records)].join(' ; ')} and wait` : 'ask for a new one';
  return fault(`is a certificate that is ${Status}, not ISSUED: ${enter}`);
}

/** Whether the stack serves the domain, or can: no other stack or API of the account has it. */
export async function domainFaults(stage: Stage, { apiGateway, cloudFormation }: Clients): Promise<Fault[]> {
  const domainName = gatewayNameOf(stage);
  if (!domainName) return [];
  const type = 'AWS::ApiGatewayV2::DomainName';
  const asked = apiGateway.send(new GetDomainNameCommand({ DomainName: domainName }));
  if (!(await unless(NotFoundException, asked))) return [];
  if (await hasMade(cloudFormation, domainStackOf(stage), type, domainName)) return [];
  const owner = await ownerOf(cloudFormation, type, domainName);
  const is = `is ${domainName}, which API Gateway serves already in this region, and it ${owner}: delete it there, or give another`;
  return [{ setting: 'domainName', is }];
}
