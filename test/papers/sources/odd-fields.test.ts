import { describe, expect, test } from 'vitest';
import type { Paper } from '../../../shared/papers/paper.ts';
import { parseArxiv } from '../../../shared/papers/sources/arxiv.ts';
import { parseHuggingFace } from '../../../shared/papers/sources/hugging-face.ts';
import { queryAnswer } from './arxiv-feeds.ts';

const day = '2026-11-23';

const good = {
  paper: {
    id: '2611.00009',
    title: 'A title',
    summary: 'An abstract.',
    authors: [{ name: 'A. Author' }, { name: 'B. Author', hidden: false }],
    publishedAt: '2026-11-19T00:00:00.000Z',
    submittedOnDailyAt: '2026-11-22T12:00:00.000Z',
    upvotes: 12,
    ai_summary: 'It does this.',
    ai_keywords: ['caches', 'inference'],
    githubRepo: 'https://github.com/example/harbor',
    githubStars: 41,
    projectPage: 'https://example.org/harbor',
    organization: { name: 'example', fullname: 'Example Laboratory' },
    mediaUrls: ['https://example.org/a.png'],
  },
  thumbnail: 'https://example.org/thumbnail.png',
  numComments: 3,
  submittedBy: { fullname: 'S. Submitter' },
};

/** Shapes that something may have come to have, by name. */
const shapes: Record<string, unknown> = {
  null: null,
  'a boolean': true,
  'a fraction': 2.5,
  'a negative number': -3,
  'a huge number': 1e300,
  'a large whole number': Number.MAX_SAFE_INTEGER,
  'a text': 'many',
  'an empty text': '',
  'a number as a text': '12',
  'an endless text': 'x'.repeat(30_000),
  'a date without a time': '2026-11-19',
  'a day that is none': '2026-02-30T00:00:00Z',
  'an address of a script': 'javascript:alert(1)',
  'half characters': '\ud800\ud800',
  'no characters': '\ufffe\uffff',
  'line separators': '\u2028\u2029',
  'text turned around': '\u202e\u2066',
  'an encoded word': '=?utf-8?Q?=7Bx=7D?=',
  'a megabyte': 'x'.repeat(1_000_000),
  'a number beyond all': JSON.parse('1e309'),
  'a number beyond all as a text': '1e309',
  'a day before all': '0000-00-00',
  'a day of year 0': '0000-01-01T00:00:00Z',
  'a day after all': '+275760-09-13T00:00:00.001Z',
  'the last day of years': '9999-12-31T23:59:59Z',
  'an object with a prototype': JSON.parse('{"__proto__": {"name": "x"}, "constructor": {"prototype": 1}}'),
  'a list of prototypes': JSON.parse('[{"__proto__": {"name": "x"}}, {"toString": 1}]'),
  'endless nesting': JSON.parse(`${'[{"name":'.repeat(2_000)}1${'}]'.repeat(2_000)}`),
  'nothing to see': '\u200b\u2060\u0007',
  'an empty list': [],
  'a list of nothing': [null],
  'a list of lists': [[['x']]],
  'a list of objects': [{}],
  'a list of nameless ones': [{ name: null }, { name: '' }, { name: '\u200b' }],
  'a list with one long name': [{ name: 'x'.repeat(400) }],
  'a list of numbers': [1, 2],
  'a list of many': Array.from({ length: 6_000 }, (_, n) => ({ name: `N. ${n}` })),
  'a list of much': Array.from({ length: 4_000 }, () => ({ name: '名'.repeat(299) })),
  'an empty object': {},
  'an object of nothing': { name: null, fullname: null },
  'an object of objects': { name: { name: {} }, fullname: [] },
};

/** The fields that a paper can be without: where they are in an item, and what they become. */
const optional: [string, keyof Paper][] = [
  ['paper.authors', 'authors'],
  ['paper.publishedAt', 'publishedAt'],
  ['paper.submittedOnDailyAt', 'day'],
  ['paper.upvotes', 'upvotes'],
  ['paper.ai_summary', 'summary'],
  ['paper.ai_keywords', 'keywords'],
  ['paper.githubRepo', 'codeUrl'],
  ['paper.githubStars', 'codeStars'],
  ['paper.projectPage', 'projectUrl'],
  ['paper.organization', 'organization'],
  ['paper.mediaUrls', 'mediaUrls'],
  ['thumbnail', 'thumbnailUrl'],
  ['numComments', 'comments'],
  ['submittedBy', 'submittedBy'],
];

function withField(place: string, value: unknown, id = good.paper.id) {
  const { paper, ...outer } = structuredClone(good);
  if (!place.startsWith('paper.')) return { paper: { ...paper, id }, ...outer, [place]: value };
  return { paper: { ...paper, id, [place.slice(6)]: value }, ...outer };
}

const cells = optional.flatMap(([place, field]) =>
  Object.entries(shapes).map(([shape, value]) => [place, shape, field, value] as const),
);
const nothing = new Set(['null', 'an empty text', 'line separators', 'an empty list']);

describe('an odd field of a Hugging Face item', () => {
  const whole = parseHuggingFace([good], day).papers[0];

  test.each(cells)('%s that is %s costs no more than itself, and is named', (place, shape, field, value) => {
    const { papers, rejected, incomplete = [] } = parseHuggingFace([withField(place, value)], day);
    expect(rejected).toEqual([]);
    expect(papers).toHaveLength(1);
    const { [field]: ours, sourcePlace, ...others } = papers[0] as Paper;
    const { [field]: _, sourcePlace: _place, ...expected } = whole as Paper;
    expect(others).toEqual(expected);
    expect(sourcePlace).toEqual({ day: papers[0]?.day, place: 1 });
    if (nothing.has(shape)) return expect(incomplete).toEqual([]);
    // A value of the right type after all, as a text for a text, is taken as it is.
    const isTaken = JSON.stringify(ours) === JSON.stringify(value) || ours === value;
    const isText = typeof value === 'string' && typeof ours === 'string' && field !== 'day';
    if (isTaken || isText) return;
    expect(incomplete).toEqual([{ entry: good.paper.id, reason: expect.stringContaining(place) }]);
  });

  test.each(['paper.id', 'paper.title', 'paper.summary'])('%s costs the item alone', place => {
    for (const [shape, value] of Object.entries(shapes)) {
      const others = [withField('numComments', 1, '2611.00001'), withField('numComments', 1, '2611.00002')];
      const { papers, rejected } = parseHuggingFace([others[0], withField(place, value), others[1]], day);
      if (typeof value === 'string' && papers.length === 3) continue;
      expect([shape, papers.map(({ id }) => id)]).toEqual([shape, ['2611.00001', '2611.00002']]);
      expect(rejected).toEqual([{ entry: expect.any(String), reason: expect.stringMatching(/./) }]);
    }
  });

  test('of every item leaves every paper', () => {
    for (const [place, shape, , value] of cells) {
      const items = Array.from({ length: 3 }, (_, n) => withField(place, value, `2611.0000${n}`));
      expect([place, shape, parseHuggingFace(items, day).papers.length]).toEqual([place, shape, 3]);
    }
  });

  test('keeps the authors that are authors', () => {
    const authors = [null, 'C. Author', {}, { name: 'A. Author' }, { name: 'x'.repeat(400) }, [], { name: '{}' }];
    const { papers, incomplete } = parseHuggingFace([withField('paper.authors', authors)], day);
    expect(papers[0]?.authors).toEqual(['A. Author']);
    for (const place of [0, 1, 2, 5]) expect(incomplete?.[0]?.reason).toContain(`paper.authors.${place}: `);
  });
});

describe('an odd element of an arXiv entry', () => {
  const elements = {
    author: '<author><name>A. Author</name></author>',
    published: '<published>2026-11-19T00:00:00Z</published>',
    updated: '<updated>2026-11-19T00:00:00Z</updated>',
    category: '<category term="cs.CL"/>',
    'arxiv:comment': '<arxiv:comment>12 pages</arxiv:comment>',
    'arxiv:journal_ref': '<arxiv:journal_ref>J. 1</arxiv:journal_ref>',
    'arxiv:doi': '<arxiv:doi>10.1/1</arxiv:doi>',
  };
  const odd = (name: string): Record<string, string> => ({
    'without content': `<${name}><deeper/></${name}>`,
    'twice over': `<${name}><a>1</a></${name}><${name}><b>2</b></${name}>`,
    'with an attribute alone': `<${name} a="1"/>`,
    'too long': `<${name}><name>${'x'.repeat(6_000)}</name>${'x'.repeat(6_000)}</${name}>`,
  });
  const entry = (id: string, parts: Record<string, string>) =>
    `<entry><id>http://arxiv.org/abs/${id}v1</id><title>A title</title><summary>An abstract.</summary>${Object.values(parts).join('')}</entry>`;

  test.each(Object.keys(elements).flatMap(name => Object.keys(odd(name)).map(shape => [name, shape] as const)))(
    '%s %s costs no more than itself, and is named',
    (name, shape) => {
      const broken = { ...elements, [name]: odd(name)[shape] ?? '' };
      const answer = queryAnswer([entry('2611.00001', elements), entry('2611.00002', broken)]);
      const { papers, rejected, incomplete } = parseArxiv(answer, day);
      expect(rejected).toEqual([]);
      expect(papers.map(({ id }) => id)).toEqual(['2611.00001', '2611.00002']);
      expect(incomplete).toEqual([{ entry: '2611.00002', reason: expect.stringMatching(/./) }]);
    },
  );
});
