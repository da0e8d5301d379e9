import { Stack } from 'aws-cdk-lib';
import { DkimIdentity, EasyDkimSigningKeyLength, EmailIdentity, Identity } from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { type DnsRecord, placeRecords } from '../dns.ts';
import type { Stage } from '../stages.ts';

/**
 * The sender's domain in SES. Mails are signed by it (DKIM), and bounces go to its subdomain (MAIL FROM), so that SPF
 * passes for the same domain, as DMARC demands.
 */
export class SenderIdentity extends Construct {
  constructor(scope: Construct, id: string, stage: Stage, domain: string) {
    super(scope, id);
    const mailFromDomain = `mail.${domain}`;
    const identity = new EmailIdentity(this, 'Identity', {
      identity: Identity.domain(domain),
      dkimIdentity: DkimIdentity.easyDkim(EasyDkimSigningKeyLength.RSA_2048_BIT),
      // Until its DNS records exist, SES takes bounces at its own domain. DKIM alone satisfies DMARC.
      mailFromDomain,
    });
    const dkim = identity.dkimRecords.map(
      ({ name, value }, at): DnsRecord => ({ id: `Dkim${at + 1}`, name, type: 'CNAME', value }),
    );
    const bounces = `10 feedback-smtp.${Stack.of(this).region}.amazonses.com`;
    placeRecords(this, stage, domain, [
      ...dkim,
      { id: 'MailFromMx', name: mailFromDomain, type: 'MX', value: bounces },
      { id: 'MailFromSpf', name: mailFromDomain, type: 'TXT', value: 'v=spf1 include:amazonses.com ~all' },
      ...(stage.dmarc === 'kept'
        ? []
        : [{ id: 'Dmarc', name: `_dmarc.${domain}`, type: 'TXT' as const, value: `v=DMARC1; p=${stage.dmarc}` }]),
    ]);
  }
}
