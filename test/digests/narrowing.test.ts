import { describe, expect, test } from 'vitest';
import { indexCandidates } from '../../shared/digests/candidate-index.ts';
import { candidateOf } from '../../shared/digests/candidates.ts';
import { readNarrowedTopic, writeNarrowedTopic } from '../../shared/digests/narrowed-topic.ts';
import { holdsWords, wordsOfMatch } from '../../shared/digests/narrowing.ts';
import { selectPapers } from '../../shared/digests/select-papers.ts';
import { whyUnmatchable } from '../../shared/digests/unmatchable.ts';
import { preferencesSchema } from '../../shared/subscribers/preferences.ts';
import { examplePaper } from '../papers/example-paper.ts';

const paper = (title: string, abstract = 'Nothing more is said.', more = {}) =>
  examplePaper({ title, abstract, ...more });

describe('an entry of the topics', () => {
  test.each([
    ['history', 'history', []],
    ['history -"update histories"', 'history', ['update histories']],
    ['history -archives  -"chat history"', 'history', ['archives', 'chat history']],
    ['GPT-4', 'GPT-4', []],
    ['self-play -robots', 'self-play', ['robots']],
    ['range 3 -5', 'range 3 -5', []],
    ['-robots', '-robots', []],
    ['history -"', 'history -"', []],
  ])('%j is read and written the same', (entry, topic, without) => {
    expect(readNarrowedTopic(entry)).toEqual({ topic, without });
    expect(readNarrowedTopic(writeNarrowedTopic({ topic, without }))).toEqual({ topic, without });
  });

  test('is a topic that may match if its topic may', () => {
    expect(whyUnmatchable('cs.ZZ -robots')).toBe('arXiv has no such category');
    expect(whyUnmatchable('cs.CL -"speech recognition"')).toBeUndefined();
  });
});

describe('the words that made a paper match', () => {
  test.each([
    ['history', paper('Learning from Update Histories'), 'update histories'],
    ['history', paper('History Matching of Reservoirs'), 'history matching'],
    [
      'RL',
      paper('Better Agents', 'We train them by offline reinforcement learning from logs.'),
      'offline reinforcement learning',
    ],
    ['privacy', paper('On Tables', 'A bound for differential privacy holds. Privacy is hard.'), 'differential privacy'],
    // Of two words beside it, the one that stands there more often.
    ['robot', paper('Small Robot Dogs', 'Robot dogs walk. All robot dogs do.'), 'robot dogs'],
    // A sentence's end separates words.
    ['privacy', paper('On Tables', 'It holds for tables. Privacy is hard.'), undefined],
    ['history', paper('History'), undefined],
    ['cs.CL', paper('Update Histories', 'Text.', { categories: ['cs.CL'] }), undefined],
    ['RAG', paper('Retrieval-Augmented Generation'), undefined],
    ['whales', paper('Learning from Update Histories'), undefined],
    ['', paper('Learning'), undefined],
  ])('for %j', (topic, matched, words) => {
    expect(wordsOfMatch(topic, matched)).toBe(words);
    if (words !== undefined) expect(holdsWords(words, matched)).toBe(true);
  });
});

test('a topic that leaves words out matches the other papers as before, and these are no match any more', () => {
  const papers = [
    paper('Learning from Update Histories', 'An update history helps.', { id: '2611.00001' }),
    paper('Archives and the History of Science', 'Historical documents are read.', { id: '2611.00002' }),
    paper('Robots', 'They walk.', { id: '2611.00003' }),
  ];
  const candidates = papers.map(each =>
    candidateOf(
      { paper: each, score: { total: 1, heat: 1, fieldFactor: 1, gravity: 1 } as never },
      { publicUrl: 'https://papers.example.org', isPinned: false },
    ),
  );
  const shownBy = (topic: string) =>
    selectPapers(indexCandidates(candidates), preferencesSchema.parse({ topics: [topic] })).map(({ paper, topics }) => [
      paper.id,
      topics,
    ]);
  const before = shownBy('history learning');
  const after = shownBy('history -"update history"');
  // By its roots: "update histories" too.
  expect(after.find(([id]) => id === '2611.00001')).toEqual(['2611.00001', []]);
  expect(after[0]).toEqual(['2611.00002', ['history']]);
  expect(after).toHaveLength(before.length);
});
