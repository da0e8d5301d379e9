import type { DigestPaper } from '../digests/digest.ts';
import { paperPageUrl } from '../digests/digest-paper.ts';

/**
 * Where the papers of our sources, their PDFs and their code are; subdomains count. arXiv and Hugging Face give addresses at
 * the first three, Hugging Face's authors and curators name the others. A stage adds its own by the setting `linkHosts`.
 * Whatever else a stranger typed is not linked to from a mail with our name: one phishing link would cost the sender's
 * reputation with every mail provider.
 */
export const linkHosts = [
  'arxiv.org',
  'huggingface.co',
  'github.com',
  'gitlab.com',
  'codeberg.org',
  'bitbucket.org',
  'openreview.net',
  'aclanthology.org',
  'proceedings.mlr.press',
  'doi.org',
] as const;

/** A longer address would cost a mail the room for what the paper says. */
const longestAddress = 120;

/** Where the links of a mail may lead. */
export interface LinkRules {
  publicUrl: string;
  /** Hosts besides those that every stage has. */
  linkHosts?: readonly string[];
}

/** Whether a mail may hold a link: our own site, or https at a host of the list, without name, password or port. */
export function mayLinkTo(address: string, { publicUrl, linkHosts: further = [] }: LinkRules): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // An address that is not in its normal form may be read in two ways.
  if (!url || url.href !== address) return false;
  if (url.origin === new URL(publicUrl).origin) return url.username === '' && url.password === '';
  const bare = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  const listed = [...linkHosts, ...further].some(host => url.hostname === host || url.hostname.endsWith(`.${host}`));
  return bare && listed && address.length <= longestAddress;
}

/**
 * A paper as a mail may show it: where a link is not allowed, our own page takes the place of the paper's address, and a PDF
 * or code link is left out. It stops nobody's mail: [one bad item stops no other](docs/invariants.md#9).
 * @returns the paper, and the names of the links that it lost
 */
export function withAllowedLinks(paper: DigestPaper, rules: LinkRules): { paper: DigestPaper; lost: string[] } {
  const { pdfUrl, codeUrl, ...rest } = paper;
  const allowed = (address: string | undefined) => address !== undefined && mayLinkTo(address, rules);
  const kept = {
    ...rest,
    url: allowed(paper.url) ? paper.url : paperPageUrl(rules.publicUrl, paper.id),
    ...(pdfUrl && allowed(pdfUrl) && { pdfUrl }),
    ...(codeUrl && allowed(codeUrl) && { codeUrl }),
  };
  const lost = (['url', 'pdfUrl', 'codeUrl'] as const).filter(name => paper[name] && kept[name] !== paper[name]);
  return { paper: kept, lost };
}
