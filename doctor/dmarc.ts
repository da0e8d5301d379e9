import type { Resolver } from 'node:dns/promises';
import { type Finding, failed, ok, warning } from './check.ts';

/** A DMARC record and its domain. */
export interface DmarcRecord {
  /** `papers.example.org`, or a domain above it. */
  domain: string;
  /** The treatment that it asks receivers for: `none`, `quarantine` or `reject`; for subdomains that of `sp`. */
  policy: string;
  subdomainPolicy: string | undefined;
  /** Whether the DKIM domain must be the sender's own, not one above or below it. */
  isStrict: boolean;
}

/** Whether DNS says that the name does not exist, or has no record of the kind. */
const isAbsent = (error: unknown) => ['ENOTFOUND', 'ENODATA'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * Looks for the DMARC record of a domain, then of each domain above it but the top level, as receivers do (RFC 9989).
 * @returns the records of the first domain that has any; more than one is a fault
 * @throws the resolver's error when DNS does not answer
 */
export async function findDmarc(resolver: Resolver, domain: string): Promise<DmarcRecord[]> {
  const labels = domain.split('.');
  for (let at = 0; at < labels.length - 1; at += 1) {
    const name = labels.slice(at).join('.');
    const records = await textsOf(resolver, `_dmarc.${name}`);
    const found = records.filter(text => /^v=DMARC1\s*(;|$)/.test(text)).map(text => parseDmarc(name, text));
    if (found.length > 0) return found;
  }
  return [];
}

async function textsOf(resolver: Resolver, name: string): Promise<string[]> {
  try {
    return (await resolver.resolveTxt(name)).map(parts => parts.join(''));
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function parseDmarc(domain: string, text: string): DmarcRecord {
  const tags = Object.fromEntries(
    text.split(';').flatMap(part => {
      const [name = '', ...value] = part.split('=');
      return name.trim() ? [[name.trim().toLowerCase(), value.join('=').trim().toLowerCase()]] : [];
    }),
  );
  return { domain, policy: tags.p ?? '', subdomainPolicy: tags.sp, isStrict: tags.adkim === 's' };
}

/** Whether receivers find a DMARC record for the sender's domain. Large ones demand it of senders of many mails. */
export function judgeDmarc(domain: string, records: DmarcRecord[]): Finding {
  const entry = `_dmarc.${domain} TXT "v=DMARC1; p=quarantine"`;
  const [record, another] = records;
  if (!record) {
    return failed(
      `DNS has no DMARC record for ${domain}: Gmail, Yahoo and Outlook refuse the mail of large senders without.`,
      `Enter in DNS: ${entry} (begin with p=none to only look on).`,
    );
  }
  if (another) {
    return failed(
      `DNS has ${records.length} DMARC records for ${record.domain}, so that receivers heed none.`,
      'Leave one of them.',
    );
  }
  const policy = (domain === record.domain ? undefined : record.subdomainPolicy) ?? record.policy;
  if (!['none', 'quarantine', 'reject'].includes(policy)) {
    return failed(
      `The DMARC record of ${record.domain} has no policy that there is (p=${policy}).`,
      `Enter in DNS: ${entry}`,
    );
  }
  const where = record.domain === domain ? domain : `${domain} (by that of ${record.domain})`;
  const strict = record.isStrict ? ', and asks for DKIM of that very domain' : '';
  if (policy === 'none') {
    return warning(
      `DNS has a DMARC record for ${where}, with p=none: mails that others forge in your name are let through.`,
      'When the reports show that your own mails pass, change it to p=quarantine.',
    );
  }
  return ok(`DNS has a DMARC record for ${where}: p=${policy}${strict}.`);
}
