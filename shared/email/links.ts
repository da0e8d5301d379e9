import type { DigestPaper } from '../digests/digest.ts';
import { paperPageUrl } from '../digests/digest-paper.ts';

/**
 * The hosts of papers, PDFs and code, with their subdomains. arXiv and Hugging Face give addresses at the first three;
 * authors on Hugging Face, and curators, name the others. A stage adds hosts by the setting `linkHosts`. A mail links
 * to no other host: one phishing link would cost the sender's reputation with every mail provider.
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
  // Project pages, by the same authors who name the code.
  'github.io',
  'gitlab.io',
] as const;

/** The hosts of pictures, for readers who ask for them. */
const pictureHosts = ['huggingface.co'] as const;

/** Most characters. A longer address would take the room of the paper's texts. */
const longestAddress = 120;

/** The addresses to which a mail may link. */
export interface LinkRules {
  publicUrl: string;
  /** Hosts of this stage besides `linkHosts` above. */
  linkHosts?: readonly string[];
}

/**
 * Whether a mail may hold a link: to our own site, or by https to a host of the list, without name, password or port.
 */
export function mayLinkTo(address: string, { publicUrl, linkHosts: further = [] }: LinkRules): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.href === address && url.origin === new URL(publicUrl).origin) {
    return url.username === '' && url.password === '';
  }
  return isAt(address, [...linkHosts, ...further]);
}

/** Whether a mail may show a picture, which its reader's client then fetches from there. */
export function mayShowPicture(address: string): boolean {
  return isAt(address, pictureHosts);
}

/** Whether it is an address by https at one of the hosts or their subdomains, without name, password or port. */
function isAt(address: string, hosts: readonly string[]): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  // An address that is not in its normal form may be read in two ways.
  if (!url || url.href !== address || address.length > longestAddress) return false;
  const bare = url.protocol === 'https:' && url.username === '' && url.password === '' && url.port === '';
  return bare && hosts.some(host => url.hostname === host || url.hostname.endsWith(`.${host}`));
}

/** The traces of a value that a program forgot: `undefined`, `{name}`, `[object Object]`, a control character. */
const leftOver =
  /\{[^{}]{0,40}\}|\bundefined\b|\bnull\b|\bNaN\b|\[object \w+\]|(?<![A-Za-z])[A-Za-z]{0,40}Placeholder|[^\P{Cc}\r\n\t]/u;

/** The first left-over of a template or program in a text. */
export function leftOverIn(text: string): string | undefined {
  return leftOver.exec(text)?.[0];
}

/**
 * A paper with only allowed links: also without those in which a source's program left over the name of a missing value. Our own page replaces an address that is not allowed; such a PDF or code link is
 * left out. The mail goes out all the same: [one bad item stops no other](docs/invariants.md#9).
 * @returns the paper, and the names of the links that it lost; project pages are on any host, so losing one is nothing to report
 */
export function withAllowedLinks(paper: DigestPaper, rules: LinkRules): { paper: DigestPaper; lost: string[] } {
  const { pdfUrl, codeUrl, discussionUrl, projectUrl, thumbnailUrl, ...rest } = paper;
  const allowed = (address: string | undefined) =>
    address !== undefined && mayLinkTo(address, rules) && leftOverIn(address) === undefined;
  // Our own page may be called so: `page:the-null-hypothesis`.
  const page = paperPageUrl(rules.publicUrl, paper.id);
  const kept = {
    ...rest,
    url: allowed(paper.url) ? paper.url : page,
    ...(pdfUrl && allowed(pdfUrl) && { pdfUrl }),
    ...(codeUrl && allowed(codeUrl) && { codeUrl }),
    ...(discussionUrl && allowed(discussionUrl) && { discussionUrl }),
    ...(projectUrl && allowed(projectUrl) && { projectUrl }),
    ...(thumbnailUrl && mayShowPicture(thumbnailUrl) && { thumbnailUrl }),
  };
  const lost = (['url', 'pdfUrl', 'codeUrl', 'discussionUrl'] as const).filter(
    name => paper[name] && kept[name] !== paper[name],
  );
  return { paper: kept, lost };
}
