import type { Paper } from './paper.ts';
import { authorsOf, titleOf } from './shown.ts';
import { parseArxivId } from './sources/arxiv-id.ts';

type Cited = Pick<
  Paper,
  'id' | 'title' | 'authors' | 'publishedAt' | 'day' | 'categories' | 'doi' | 'journalRef' | 'url' | 'withdrawn'
>;

/** The characters that TeX reads as commands, as it prints them. */
const escapes: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  // BibTeX counts braces, also those behind a backslash: one without the other would swallow what follows.
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
};

function escaped(text: string): string {
  return text.replace(/[\\~^&%$#_{}]/g, character => escapes[character] ?? `\\${character}`);
}

/** An address or identifier. BibTeX ends a value at an unbalanced brace; in addresses, both are written in percent. */
function bare(text: string): string {
  return text.replace(/[{}\s\\]/g, character => encodeURIComponent(character));
}

/** An author. In braces, a name is not parted at a comma or the word `and`. */
function nameOf(author: string): string {
  return /,|\band\b/i.test(author) ? `{${escaped(author)}}` : escaped(author);
}

/** Latin letters and digits alone, as all programs accept them in a key. */
function keyPart(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]/g, '')
    .toLowerCase();
}

/** Words that begin a title without telling one from another. */
const opening = new Set([
  'a',
  'an',
  'the',
  'on',
  'in',
  'of',
  'for',
  'to',
  'is',
  'are',
  'do',
  'does',
  'what',
  'how',
  'why',
  'when',
]);

/** `vaswani2017attention`: the first author's last name, the year, the title's first telling word. */
function keyOf(paper: Cited, authors: readonly string[], year: string): string {
  const lastName = keyPart(authors[0]?.split(/\s+/).at(-1) ?? '');
  const words = titleOf(paper)
    .split(/[\s:/–—-]+/)
    .map(keyPart)
    .filter(Boolean);
  const word = words.find(one => !opening.has(one)) ?? words[0] ?? '';
  return `${lastName}${year}${word}` || 'paper';
}

/**
 * A BibTeX entry (`@misc`, as arXiv's own), in readable Unicode.
 * @param url the address of our own page, for a paper without one
 */
export function bibtexOf(paper: Cited, url: string): string {
  const authors = authorsOf(paper);
  const arxiv = parseArxivId(paper.id);
  const year = (paper.publishedAt ?? paper.day).slice(0, 4);
  const category = paper.categories[0];
  const values: [name: string, value: string | undefined][] = [
    ['title', `{${escaped(titleOf(paper))}}`],
    ['author', authors.map(nameOf).join(' and ') || undefined],
    ['year', year],
    ['eprint', arxiv?.id],
    ['archivePrefix', arxiv && 'arXiv'],
    ['primaryClass', arxiv && category && bare(category)],
    ['doi', paper.doi && bare(paper.doi)],
    ['url', bare(paper.url ?? url)],
    ['note', paper.withdrawn ? 'Withdrawn by its authors' : paper.journalRef && escaped(paper.journalRef)],
  ];
  const lines = values.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : `  ${name} = {${value}}`,
  );
  return `@misc{${keyOf(paper, authors, year)},\n${lines.join(',\n')}\n}\n`;
}
