import { readFileSync } from 'node:fs';
import { paperSchema } from '../../shared/papers/paper.ts';
import { parseArxiv } from '../../shared/papers/sources/arxiv.ts';
import { parseArxivId } from '../../shared/papers/sources/arxiv-id.ts';
import { parseArxivListing } from '../../shared/papers/sources/arxiv-listing.ts';
import { curatedPaper, curatedPaperSchema } from '../../shared/papers/sources/curator.ts';
import { parseHuggingFaceText } from '../../shared/papers/sources/hugging-face.ts';
import { parsePage } from '../../shared/papers/sources/page.ts';
import { SourceError, type SourceReading } from '../../shared/papers/sources/source.ts';
import { readableText } from '../../shared/papers/text.ts';
import * as feeds from '../papers/sources/arxiv-feeds.ts';

/*
 * Input from outside, damaged in every way, goes through each parser: it must give papers that fit their schema, or a
 * typed rejection, and never take long.
 */

export interface FuzzedParser {
  name: string;
  /** Good inputs, which are damaged. */
  seeds: string[];
  /** Parts that mean something to the parser. */
  tokens: string[];
  /** @throws Error when something came out that must not */
  check: (input: string) => 'read' | 'rejected';
}

const day = '2026-11-23';
const sample = (name: string) => readFileSync(new URL(`../../local/sample/${name}`, import.meta.url), 'utf8');

function checkReading(parse: (text: string, day: string) => SourceReading): FuzzedParser['check'] {
  return input => {
    let reading: SourceReading;
    try {
      reading = parse(input, day);
    } catch (error) {
      if (error instanceof SourceError && error.message !== '') return 'rejected';
      throw error;
    }
    for (const paper of [...reading.papers, ...(reading.updates ?? [])]) paperSchema.parse(paper);
    for (const { entry, reason } of reading.rejected) {
      if (entry === '' || reason === '') throw new Error('An entry was rejected without its name or a reason.');
    }
    return reading.papers.length > 0 ? 'read' : 'rejected';
  };
}

const common = [
  '',
  ' ',
  '\n',
  '\0',
  '\ud800',
  '\u202e',
  '0',
  '-1',
  '1e999',
  'é',
  'x'.repeat(3_000),
  '__proto__',
  'constructor',
];
const xml = [
  '<',
  '>',
  '</',
  '/>',
  '&',
  '&amp;',
  '&#0;',
  '&#xD800;',
  ']]>',
  '<![CDATA[',
  '<!--',
  '-->',
  '<!DOCTYPE x>',
  '<?xml',
];
const tex = [
  '\\',
  '{',
  '}',
  '$',
  '$$',
  '^',
  '_',
  '~',
  '\\em ',
  '\\textbf{',
  "\\'",
  '\\frac',
  '&lt;',
  'x2014',
  'ell_1',
  '{it ',
];

export const parsers: FuzzedParser[] = [
  {
    name: 'page',
    seeds: [sample('daily-papers-page.txt')],
    tokens: [...common, '\r', '\n\n', '\u2028', '<html>', '{', '[', 'Daily Papers', 'a. '.repeat(500)],
    check: checkReading(parsePage),
  },
  {
    name: 'hugging-face',
    seeds: [JSON.stringify(JSON.parse(sample('hugging-face.json')).slice(0, 2))],
    tokens: [
      ...common,
      '"',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
      'null',
      'true',
      '[]',
      '{}',
      '"id":',
      '\\ud800',
      '['.repeat(2_000),
    ],
    check: checkReading(parseHuggingFaceText),
  },
  {
    name: 'arxiv',
    seeds: [
      feeds.queryAnswer([feeds.found('2611.00001v2'), feeds.found('math/0309136v1')]),
      feeds.dailyAtom([feeds.announcedAtom('2611.00001v1', 'new'), feeds.announcedAtom('2611.00002v3', 'replace')]),
      feeds.dailyRss([feeds.announcedRss('2611.00001v1', 'new'), feeds.announcedRss('2611.00002v1', 'cross')]),
      feeds.errorAnswer,
    ],
    tokens: [
      ...common,
      ...xml,
      '<entry>',
      '</entry>',
      '<a>'.repeat(2_000),
      '<title/>',
      '<author><name>',
      '('.repeat(2_000),
    ],
    check: checkReading(parseArxiv),
  },
  {
    name: 'arxiv-listing',
    seeds: [feeds.listing],
    tokens: [
      ...common,
      ...xml,
      '<dt>',
      '<h3>',
      '</div>',
      "<div class='list-title",
      '<'.repeat(2_000),
      '('.repeat(2_000),
    ],
    check: checkReading(parseArxivListing),
  },
  {
    name: 'curator',
    seeds: [
      JSON.stringify({ title: 'A title', abstract: 'An abstract.', authors: ['A. Author'], url: 'https://a.example/' }),
    ],
    tokens: [...common, '"', '[', ']', '{', '}', ',', ':', 'null', '"id":"page:x"', 'javascript:'],
    check(input) {
      let json: unknown;
      try {
        json = JSON.parse(input);
      } catch {
        return 'rejected';
      }
      const parsed = curatedPaperSchema.safeParse(json);
      if (parsed.success) paperSchema.parse(curatedPaper(parsed.data, day));
      return parsed.success ? 'read' : 'rejected';
    },
  },
  {
    name: 'arxiv-id',
    seeds: ['https://arxiv.org/abs/2403.08540v2', 'arXiv:math.GT/0309136v1', 'http://arxiv.org/pdf/hep-th/9901001.pdf'],
    tokens: [...common, '/', '.', 'v', '#', '?', 'arXiv:', '.pdf', 'https://'],
    check(input) {
      const named = parseArxivId(input);
      if (named) paperSchema.shape.id.parse(named.id);
      return named ? 'read' : 'rejected';
    },
  },
  {
    name: 'text',
    seeds: [
      'With $\\ell_1$-loss and {\\em words}, Erd\\H{o}s \\& V&amp;V at 5\\% of $O(n\\log n)$; see https://a.example/x_1~y.',
      'ell_1-loss, {it words}, x2014, R^{n times k}, mathcal{O}(alpha^2) and “so” &lt;b&gt; &#x3b1; \\textbf{bold {\\it more}}',
    ],
    tokens: [
      ...common,
      ...tex,
      '<',
      '<b',
      '&lt;script',
      '--',
      '``',
      "''",
      '\\left',
      '\\('.repeat(1_000),
      '{'.repeat(1_000),
    ],
    check(input) {
      const text = readableText(input);
      const tags = (of: string) => of.match(/<[A-Za-z/!?]/g)?.length ?? 0;
      if (tags(text) > tags(input)) throw new Error('It made a tag.');
      if (/[\p{Cc}\p{Surrogate}]/u.test(text)) throw new Error('It left control characters or half characters.');
      return 'read';
    },
  },
];
