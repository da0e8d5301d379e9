import { type App, Stack } from 'aws-cdk-lib';
import { domainOf } from '../shared/email/headers.ts';
import { ApiDomain } from './constructs/api-domain.ts';
import { SenderIdentity } from './constructs/sender-identity.ts';
import { printRecord } from './dns.ts';
import { gatewayNameOf, type Stage } from './stages.ts';

/**
 * The stage's public names: the API's domain with its certificate, and the sender's domain in SES, with their DNS
 * records. They outlive the service stack: a new certificate and new DKIM records would have to be verified again, and
 * until then the links in mailboxes would not work.
 */
export class DomainStack extends Stack {
  constructor(app: App, id: string, stage: Stage) {
    super(app, id, {
      description: `Daily Papers (${stage.name}): the names by which the world knows it`,
      terminationProtection: stage.keepData,
    });
    const gatewayName = gatewayNameOf(stage);
    if (gatewayName) new ApiDomain(this, 'Api', stage, gatewayName);
    if (!stage.existingIdentity) new SenderIdentity(this, 'Sender', stage, domainOf(stage.senderAddress));
    if (stage.redirectDomain) {
      const value = `your CDN, with a certificate for that name, in front of r.${this.region}.awstrack.me`;
      printRecord(this, { id: 'Redirect', name: stage.redirectDomain, type: 'CNAME', value });
    }
  }
}

/** Whether a stage has such names. */
export function hasNames(stage: Stage): boolean {
  return Boolean(stage.domainName || stage.redirectDomain || !stage.existingIdentity);
}
