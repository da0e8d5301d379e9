import {
  GetEmailIdentityCommand,
  type GetEmailIdentityResponse,
  NotFoundException,
  type SESv2Client,
} from '@aws-sdk/client-sesv2';
import { domainOf } from '../shared/email/headers.ts';
import { type Finding, failed, ok, warning } from './check.ts';

/** An identity by which SES may accept a sender's mail. */
export interface Identity {
  /** An address or a domain. */
  name: string;
  isVerified: boolean;
  dkim: { isOn: boolean; status: string; tokens: string[]; zone: string };
  mailFrom?: { domain: string; status: string };
}

/** The identities that can cover a sender: the address, its domain, and the domains above; the closest first. */
export function identityNames(address: string): string[] {
  const domain = domainOf(address);
  const labels = domain.split('.');
  const domains = labels.map((_, at) => labels.slice(at).join('.')).filter(name => name.includes('.'));
  return [address, ...domains];
}

/** The sender's identities that SES knows; the closest first. */
export async function readIdentities(ses: SESv2Client, address: string): Promise<Identity[]> {
  const answers = await Promise.all(
    identityNames(address).map(async name => {
      try {
        return [toIdentity(name, await ses.send(new GetEmailIdentityCommand({ EmailIdentity: name })))];
      } catch (error) {
        if (error instanceof NotFoundException) return [];
        throw error;
      }
    }),
  );
  return answers.flat();
}

function toIdentity(name: string, answer: GetEmailIdentityResponse): Identity {
  const { DkimAttributes: dkim, MailFromAttributes: from } = answer;
  return {
    name,
    isVerified: answer.VerifiedForSendingStatus === true,
    dkim: {
      isOn: dkim?.SigningEnabled === true,
      status: dkim?.Status ?? 'NOT_STARTED',
      tokens: dkim?.Tokens ?? [],
      zone: dkim?.SigningHostedZone ?? 'dkim.amazonses.com',
    },
    ...(from?.MailFromDomain && {
      mailFrom: { domain: from.MailFromDomain, status: from.MailFromDomainStatus ?? 'PENDING' },
    }),
  };
}

const isDomain = ({ name }: Identity) => !name.includes('@');

/** Whether SES sends mail of this address. */
export function judgeVerified(address: string, identities: Identity[]): Finding {
  const verified = identities.find(identity => identity.isVerified);
  if (verified) return ok(`SES has verified ${verified.name}, so that mail may come from ${address}.`);
  const pending = identities.find(isDomain) ?? identities[0];
  if (!pending) {
    return failed(
      `SES in this region does not know ${address}, nor its domain: it refuses every mail.`,
      `Have ${domainOf(address)} verified: SES console, Identities, Create identity; or set the stage's senderAddress.`,
    );
  }
  if (!isDomain(pending)) {
    return failed(`${pending.name} is not verified yet.`, 'Press the link in the mail that AWS has sent there.');
  }
  return failed(
    `SES has not found the DNS records of ${pending.name} yet: it refuses every mail.`,
    dkimRecords(pending),
  );
}

function dkimRecords({ name, dkim: { tokens, zone } }: Identity): string {
  if (tokens.length === 0) return 'Turn Easy DKIM on: SES console, Identities, the domain, Authentication.';
  const records = tokens.map(token => `${token}._domainkey.${name} CNAME ${token}.${zone}`);
  return `Enter in DNS, if they are not there: ${records.join(' ; ')} . SES looks for up to 72 hours.`;
}

/** Whether DKIM signs mails by a domain that receivers accept as the sender's own. */
export function judgeDkim(address: string, identities: Identity[]): Finding {
  const domains = identities.filter(isDomain);
  const signing = domains.find(({ dkim }) => dkim.isOn && dkim.status === 'SUCCESS');
  if (signing) return ok(`Mails are signed with DKIM by ${signing.name}.`);
  const [domain] = domains;
  if (!domain) {
    return failed(
      `Mails are not signed by ${domainOf(address)}: SES knows no identity of that domain.`,
      'Have the domain verified, not the address alone: SES console, Identities, Create identity, Domain.',
    );
  }
  if (!domain.dkim.isOn && domain.dkim.status === 'SUCCESS') {
    return failed(
      `DKIM signing is turned off for ${domain.name}.`,
      'Turn it on: SES console, Identities, Authentication.',
    );
  }
  return failed(
    `Mails are not signed with DKIM: for ${domain.name}, it is ${domain.dkim.status}.`,
    dkimRecords(domain),
  );
}

/** Whether bounces go to a domain of the sender's, so that SPF counts for the sender. @param region of SES */
export function judgeMailFrom(address: string, identities: Identity[], region: string): Finding {
  const identity = identities.find(({ mailFrom }) => mailFrom);
  if (!identity?.mailFrom) {
    return warning(
      'Mails have no MAIL FROM domain of their own: SPF passes for amazonses.com, which is not aligned. DMARC then hangs on DKIM alone.',
      `Set one, such as mail.${domainOf(address)}: SES console, Identities, the domain, Custom MAIL FROM domain.`,
    );
  }
  const { domain, status } = identity.mailFrom;
  if (status === 'SUCCESS') return ok(`MAIL FROM is ${domain}, which is aligned with ${domainOf(address)}.`);
  return failed(
    `SES has not found the DNS records of the MAIL FROM domain ${domain} (${status}).`,
    `Enter in DNS: ${domain} MX 10 feedback-smtp.${region}.amazonses.com ; ${domain} TXT "v=spf1 include:amazonses.com ~all"`,
  );
}
