/** An arXiv id, and its version if one is given. */
export interface ArxivId {
  /** `2403.08540`, `math/0211159` */
  id: string;
  version?: number;
}

/** https://info.arxiv.org/help/arxiv_identifier.html. A subject class (`math.GT`) is not part of an old id. */
const newId = /^(\d{4}\.\d{4,5})(?:v(\d{1,3}))?$/;
const oldId = /^([a-z]+(?:-[a-z]+)*)(?:\.[A-Z]{2})?\/(\d{7})(?:v(\d{1,3}))?$/;
const prefix = /^(?:https?:\/\/(?:[a-z]+\.)?arxiv\.org\/(?:abs|pdf|html)\/|oai:arXiv\.org:|arXiv:)/i;

/**
 * Reads an arXiv id in the forms that readers and feeds use: with a version, with the prefix `arXiv:`, as the address
 * of its page or PDF.
 * @returns undefined when the text is no arXiv id
 */
export function parseArxivId(text: string): ArxivId | undefined {
  const bare = text
    .trim()
    .slice(0, 200)
    .replace(prefix, '')
    .replace(/[?#].*/s, '')
    .replace(/\/$/, '')
    .replace(/\.pdf$/i, '');
  const found = newId.exec(bare);
  if (found) return withVersion(found[1] as string, found[2]);
  const old = oldId.exec(bare);
  return old ? withVersion(`${old[1]}/${old[2]}`, old[3]) : undefined;
}

function withVersion(id: string, version: string | undefined): ArxivId {
  const number = Number(version ?? 0);
  return number > 0 ? { id, version: number } : { id };
}
