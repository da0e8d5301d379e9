import { DescribeActiveReceiptRuleSetCommand } from '@aws-sdk/client-ses';
import { GetEmailIdentityCommand, type GetEmailIdentityResponse, NotFoundException } from '@aws-sdk/client-sesv2';
import { domainOf } from '../../shared/email/headers.ts';
import type { Fault } from '../stage-rules.ts';
import { domainStackOf, type Stage } from '../stages.ts';
import type { Clients } from './clients.ts';
import { hasMade, ownerOf } from './stacks.ts';

const identityType = 'AWS::SES::EmailIdentity';

async function findIdentity({ sesV2 }: Clients, name: string): Promise<GetEmailIdentityResponse | undefined> {
  try {
    return await sesV2.send(new GetEmailIdentityCommand({ EmailIdentity: name }));
  } catch (error) {
    if (error instanceof NotFoundException) return undefined;
    throw error;
  }
}

/** Whether SES sends the sender's mail, or the stack can make it do so. */
export async function identityFaults(stage: Stage, clients: Clients): Promise<Fault[]> {
  const { existingIdentity } = stage;
  return existingIdentity ? existingFaults(stage, existingIdentity, clients) : ownFaults(stage, clients);
}

async function existingFaults(stage: Stage, name: string, clients: Clients): Promise<Fault[]> {
  const fault = (is: string): Fault[] => [{ setting: 'existingIdentity', is: `is ${name}, ${is}` }];
  const identity = await findIdentity(clients, name);
  if (!identity) {
    return fault(
      "which SES does not know in this region: have it verified there, or leave the setting out, and the stack makes the domain's",
    );
  }
  if (await hasMade(clients.cloudFormation, domainStackOf(stage), identityType, name)) {
    return fault("which this stage's own stack has made, and would delete now: leave the setting out");
  }
  if (identity.VerifiedForSendingStatus) return [];
  if (name.includes('@')) return fault('which is not verified yet: open the link in the mail that AWS has sent there');
  const records = (identity.DkimAttributes?.Tokens ?? []).map(
    token => `${token}._domainkey.${name} CNAME ${token}.dkim.amazonses.com`,
  );
  const enter = records.length > 0 ? `enter in DNS ${records.join(' ; ')}` : 'turn Easy DKIM on for it in SES';
  return fault(`whose DNS records SES has not found yet: ${enter}, and wait until SES says that it is verified`);
}

async function ownFaults(stage: Stage, clients: Clients): Promise<Fault[]> {
  const domain = domainOf(stage.senderAddress);
  if (!(await findIdentity(clients, domain))) return [];
  if (await hasMade(clients.cloudFormation, domainStackOf(stage), identityType, domain)) return [];
  const owner = await ownerOf(clients.cloudFormation, identityType, domain);
  const is = `is missing: SES knows ${domain} in this region already, and it ${owner}: give existingIdentity=${domain}`;
  return [{ setting: 'existingIdentity', is }];
}

/** Whether mails that unsubscribe reach the receipt rule that the stack makes. */
export async function receiptFaults(stage: Stage, { ses }: Clients): Promise<Fault[]> {
  const wanted = stage.receiptRuleSet;
  if (!wanted) return [];
  const { Metadata: active } = await ses.send(new DescribeActiveReceiptRuleSetCommand({}));
  if (active?.Name === wanted) return [];
  const found = active?.Name ? `the active one is ${active.Name}` : 'none is active';
  const is = `is ${wanted}, which is not the active receipt rule set of SES in this region (${found}): activate it, or name the active one`;
  return [{ setting: 'receiptRuleSet', is }];
}
