import { addTo, type FeedReading, paperOf, saysWithdrawn } from './arxiv.ts';
import { inOwnOrder } from './places.ts';
import { beginningOf, SourceError, type SourceReading } from './source.ts';
import { xmlText } from './xml.ts';

/*
 * The page `https://arxiv.org/list/cs.AI/new`. An operator ingests it from a file when a feed is stale. It has sections
 * of new, cross-listed and replaced papers. Each paper is a `dt` with the id and a `dd` with the rest.
 */

const sectionHead =
  /^\s*(New|Cross|Replacement) submissions? \(showing (?:first )?(\d+) of (?:total )?(\d+) entries\)/i;
const pageHead = /Showing new listings for \w+, (\d{1,2}) (\w+) (\d{4})/;
const months = 'January February March April May June July August September October November December'.split(' ');

/** Whether a text is such a page. */
export function isArxivListing(text: string): boolean {
  return pageHead.test(text);
}

/**
 * Reads the page; its day and its order are the page's own. A section that shows another number of papers than it states is rejected
 * by name, beside the papers that are there.
 * @throws SourceError when the text is no such page, or has no date
 */
export function parseArxivListing(text: string): SourceReading {
  const [, date = '', monthName = '', year = ''] = pageHead.exec(text) ?? [];
  const month = months.indexOf(monthName) + 1;
  if (month === 0) throw new SourceError('The page is no listing of new papers of arXiv.');
  const day = `${year}-${String(month).padStart(2, '0')}-${date.padStart(2, '0')}`;
  const reading: FeedReading = { papers: [], updates: [], rejected: [] };
  const ids = new Set<string>();
  for (const section of text.split(/<h3>/i)) {
    const [, kind = '', shown = '', all = ''] = sectionHead.exec(section) ?? [];
    if (kind === '') continue;
    const entries = section.split(/<dt>/i).slice(1);
    if (entries.length !== Number(shown) || shown !== all) {
      const reason = `the page shows ${entries.length} of its ${beginningOf(all)} papers`;
      reading.rejected.push({ entry: `${kind} submissions`, reason });
    }
    for (const entry of entries) readEntry(entry, kind, day, reading, ids);
  }
  return { ...reading, papers: inOwnOrder(reading.papers) };
}

function readEntry(html: string, kind: string, day: string, reading: FeedReading, ids: Set<string>): void {
  const id = /href ?= ?"\/abs\/([^"<>]{1,60})"/.exec(html)?.[1] ?? '';
  const version = /\/html\/[^"<>]{1,60}(v\d{1,3})"/.exec(html)?.[1] ?? '';
  const abstract = textOf(after(html, "<p class='mathjax'>", '</p>'));
  const title = textOf(partOf(html, 'list-title'));
  const comment = textOf(partOf(html, 'list-comments'));
  const result = paperOf(
    `${id}${version}`,
    {
      title,
      abstract,
      authors: partOf(html, 'list-authors')
        .split('</a>')
        .flatMap(name => textOf(name).replace(/^, /, '') || []),
      day,
      categories: [...partOf(html, 'list-subjects').matchAll(/\(([a-z-]{2,20}(?:\.[A-Za-z-]{2,20})?)\)/g)].map(
        ([, one]) => one,
      ),
      authorComment: comment || undefined,
      withdrawn: saysWithdrawn(title, abstract, comment) || undefined,
    },
    { isUpdate: kind === 'Replacement' },
  );
  addTo(reading, ids, result, beginningOf(id || title || 'an entry'));
}

/** The content of the `div` of a class, without its label. */
function partOf(html: string, name: string): string {
  const part = after(html, `<div class='${name}`, '</div>');
  return part.slice(part.indexOf('>') + 1).replace(/^\s*<span class='descriptor'>[^<]{0,40}<\/span>/, '');
}

/** The text between a mark and the next end mark; empty when one of them is missing. */
function after(html: string, mark: string, end: string): string {
  const start = html.indexOf(mark);
  const until = start < 0 ? -1 : html.indexOf(end, start);
  return until < 0 ? '' : html.slice(start + mark.length, until);
}

/** The text of HTML: tags are removed, entities are decoded once. */
function textOf(html: string): string {
  return xmlText.parse(html.replace(/<[^<>]*>/g, ''));
}
