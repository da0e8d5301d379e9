import { describe, expect, test } from 'vitest';
import { withoutIntroduction } from '../../../shared/papers/lead/introductions.ts';
import { leadOf } from '../../../shared/papers/lead/lead.ts';

const background = [
  'Large bridges have become essential, yet existing methods often fail to carry cats.',
  'However, most boards remain too thin, and it is unclear how cats would cross them.',
];
const asLead = (title: string, ...sentences: string[]) => leadOf({ title, summary: '', abstract: sentences.join(' ') });

/** Abstracts of the kinds there are. The sentence that tells is the one that is marked with `>`. */
const abstracts: [string, string, string[]][] = [
  [
    'a proposal',
    'CatBridge: Crossing Rivers by Boards',
    [
      ...background,
      '> We propose CatBridge, a board of three layers that carries forty cats across rivers at once.',
      'First, we glue the layers with a resin that dries in the time in which a cat falls asleep.',
      'Code is available at https://github.com/example/catbridge.',
    ],
  ],
  [
    'a proposal with words that lead over',
    'Boards of Three Layers',
    [
      ...background,
      '> To address this gap, we introduce a new board of three layers that carries forty cats across rivers.',
    ],
  ],
  [
    'in the past tense',
    'How Cats Cross Rivers: An Empirical Study',
    [...background, '> In this study, we investigated how 4,000 cats cross rivers on boards of three layers.'],
  ],
  [
    'a paper that speaks of itself',
    'The Weight of Cats',
    [
      ...background,
      '> This paper shows that the weight of cats grows by 4% a year on every board we measured.',
      'These results matter.',
    ],
  ],
  [
    'a named thing without "we"',
    'CatBridge 2 Technical Report',
    [
      '> CatBridge 2 is a family of open boards that carries forty cats across rivers of any width.',
      'It was built in three years by people from four towns who like boards.',
    ],
  ],
  [
    'results alone',
    'Do Cats Sink?',
    [
      'Do cats sink when a board breaks in the middle of a wide and cold river?',
      ...background,
      '> Experiments on 60 rivers show that nine of ten cats swim to the nearer side without help.',
    ],
  ],
  [
    'headings',
    'Cats on Boards: A Mapping Study',
    [
      'Context: Boards have become important for cats and for the people who own them.',
      '> Objective: We characterize 120 studies of cats on boards, their goals and the rivers that they crossed.',
      'Conclusion: More rivers are needed.',
    ],
  ],
  [
    'in the passive',
    'A Bound on Cats',
    [
      '> A bound on the number of cats that a board can carry is proposed for rivers without a current.',
      'Many bounds are known.',
    ],
  ],
  [
    'a release that is the contribution, and one that is not',
    'CatRivers: Ten Thousand Rivers',
    [
      ...background,
      '> We release CatRivers, a collection of ten thousand rivers with the boards that crossed them.',
      'We hope that this collection will pave the way for future research on cats.',
      'We release the code, the weights and all boards.',
    ],
  ],
];

describe('the lead of an abstract', () => {
  test.each(abstracts)('%s', (_, title, marked) => {
    const telling = marked.find(sentence => sentence.startsWith('> '))?.slice(2) ?? '';
    const lead = asLead(title, ...marked.map(sentence => sentence.replace('> ', '')));
    expect(lead.slice(0, withoutIntroduction(telling).length)).toBe(withoutIntroduction(telling));
  });

  test('a finding stands beside it where both are short, and no sentence that leans on one that is not shown', () => {
    const first = 'We propose CatBridge, a board of three layers.';
    const leaning =
      'These layers are glued in an order that only its builders know and that they keep to themselves for long.';
    const finding = 'CatBridge carries forty cats, 12% more than any other board.';
    expect(asLead('CatBridge: Boards', ...background, first, leaning, finding)).toBe(`${first} ${finding}`);
    expect(asLead('CatBridge: Boards', ...background, first, leaning)).toBe(`${first} ${leaning}`);
    expect(asLead('CatBridge: Boards', first, 'CatBridge has two main innovations.', finding)).toBe(
      `${first} ${finding}`,
    );
    expect(asLead('CatBridge: Boards', first, ...background, 'Code is at https://example.org.')).toBe(first);
  });

  test('a long sentence is cut at a word that may stand last', () => {
    const lead = asLead('Boards', `We propose boards ${'that hold cats over the river '.repeat(30)}.`);
    expect(lead.length).toBeLessThanOrEqual(400);
    expect(lead).toMatch(/(?:hold|cats|river)…$/);
  });

  test('an abstract of one sentence, of none, and of a question are shown as they are', () => {
    expect(asLead('Cats', 'Cats are many.')).toBe('Cats are many.');
    expect(asLead('Cats', '')).toBe('');
    expect(asLead('Cats', 'Are cats many?')).toBe('Are cats many?');
  });
});

describe("a source's summary", () => {
  const abstract = [...background, 'We propose CatBridge, a board of three layers for forty cats.'].join(' ');
  const leadWith = (summary: string) => leadOf({ title: 'CatBridge: A Board of Three Layers', summary, abstract });

  test('is the lead', () => {
    const summary = 'CatBridge carries cats by boards of three layers.';
    expect(leadWith(summary)).toBe(summary);
  });

  test.each([
    ['it lacks the name of what the paper is about', 'Boards of three layers improve the carrying of cats.'],
    ['it breaks off', 'CatBridge carries cats by boards of three'],
  ])('is not, if %s', (_, summary) => {
    expect(leadWith(summary)).toBe('We propose CatBridge, a board of three layers for forty cats.');
  });

  test('is the lead even so, if the abstract has no sentence that tells', () => {
    const summary = 'Boards improve the carrying of cats';
    expect(leadOf({ title: 'CatBridge: A Board', summary, abstract: background.join(' ') })).toBe(summary);
  });
});

test.each([
  ['To this end, in this paper, we propose boards.', 'We propose boards.'],
  ['To address these challenges of large rivers, we propose boards.', 'We propose boards.'],
  ['Building on this insight, CatBridge holds.', 'CatBridge holds.'],
  ['Specifically, vBridge holds.', 'vBridge holds.'],
  ['In this work we propose boards.', 'We propose boards.'],
  ['Objective: We characterize boards.', 'We characterize boards.'],
  ['To carry cats, we propose boards.', 'To carry cats, we propose boards.'],
  ['In rivers of this kind, we propose boards.', 'In rivers of this kind, we propose boards.'],
])('%s begins without its introduction', (sentence, rest) => {
  expect(withoutIntroduction(sentence)).toBe(rest);
});
