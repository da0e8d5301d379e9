import { admitPaper } from '../read-paper.ts';
import type { FetchText } from './fetch-text.ts';
import { inOwnOrder } from './places.ts';
import { slugOf } from './slug.ts';
import { beginningOf, type Source, SourceError, type SourceReading } from './source.ts';

/** The lines above the papers; each of them may be missing. */
const bannerLines = new Set([
  'new',
  'get trending papers in your email inbox!',
  'subscribe',
  'daily papers',
  'by ak and the research community',
]);
/** A longer line is no title: the longest seen has 168 characters, arXiv's longest about 250. */
const longestTitle = 300;

/**
 * Reads the text of the Daily Papers page: a banner, then a title line and an abstract line for each paper. Lines are
 * recognised by their form, not by counting, so that a missing title or abstract affects only its own paper. The page's
 * order is the community's ranking, and is kept.
 * @param day the day on which the papers are featured; the page itself has no dates
 * @throws SourceError when the text is no such page: empty, HTML, JSON, or without any paper
 */
export function parsePage(text: string, day: string): SourceReading {
  const lines = contentLines(text);
  const entries = lines.filter(line => !bannerLines.has(line.toLowerCase()));
  const reading: SourceReading = { papers: [], rejected: [] };
  const ids = new Set<string>();

  for (let at = 0; at < entries.length; at += 1) {
    const line = entries[at] as string;
    const next = entries[at + 1] ?? '';
    const reject = (reason: string) => reading.rejected.push({ entry: beginningOf(line), reason });
    if (!isTitle(line, next)) {
      // Else the abstract of the over-long title would count as a second broken entry.
      const overlong = looksLikeAbstract(next) && !/[.!?]$/.test(line);
      reject(overlong ? `its title is longer than ${longestTitle} characters` : 'an abstract without a title');
      if (overlong) at += 1;
    } else if (!looksLikeAbstract(next)) {
      reject('a title without an abstract');
    } else {
      at += 1;
      const read = admitPaper(paperOf(line, next, day));
      if ('reason' in read) reject(read.reason);
      else if (ids.has(read.paper.id)) reject('a paper with the same title stands on the page already');
      else {
        ids.add(read.paper.id);
        reading.papers.push(read.paper);
      }
    }
  }
  if (reading.papers.length === 0 && entries.length === lines.length) {
    throw new SourceError('The page has neither the Daily Papers banner nor any paper.');
  }
  return { ...reading, papers: inOwnOrder(reading.papers) };
}

/** The Daily Papers page as text at an address. It always shows the present papers, whichever day is asked for. */
export function createPageSource({ url, fetchText }: { url: string; fetchText: FetchText }): Source {
  return {
    name: 'page',
    read: async day => parsePage(await fetchText(url, 'text/plain'), day),
  };
}

function contentLines(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '') throw new SourceError('The page is empty.');
  if (/^<(?:!doctype|html|head|body|\?xml)\b|^<!--/i.test(trimmed) || /<\/(?:html|body)>\s*$/i.test(trimmed)) {
    throw new SourceError('The page is HTML; its text was expected.');
  }
  if (isJson(trimmed)) throw new SourceError("The page is JSON; the page's text was expected.");
  return trimmed.split(/[\r\n\u2028\u2029]+/).flatMap(line => line.trim() || []);
}

function isJson(text: string): boolean {
  if (!/^[[{"]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Judges a line by itself and by the next line. */
function isTitle(line: string, next: string): boolean {
  return line.length <= longestTitle && (!looksLikeAbstract(line) || looksLikeAbstract(next));
}

/** Abstracts are long, or are sentences; titles don't end with a full stop. */
function looksLikeAbstract(line: string): boolean {
  if (line.length > longestTitle) return true;
  return (line.includes(' ') && line.endsWith('.')) || (line.length >= 120 && /[a-z)][.!?] [A-Z]/.test(line));
}

function paperOf(title: string, abstract: string, day: string): Record<string, unknown> {
  return {
    id: `page:${slugOf(title)}`,
    title,
    abstract,
    authors: [],
    day,
    upvotes: 0,
    categories: [],
    keywords: [],
    sources: ['page'],
  };
}
