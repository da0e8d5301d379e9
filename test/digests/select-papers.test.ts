import fc from 'fast-check';
import { expect, test } from 'vitest';
import { profileOf } from '../../shared/digests/profile.ts';
import { type Chosen, selectPapers } from '../../shared/digests/select-papers.ts';
import { tasteOf } from '../../shared/digests/taste.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { depth } from '../support/depth.ts';
import {
  anyWishes,
  indexOf,
  papersOfDay,
  sparsePapers,
  sparseVotes,
  tasteFor,
  votedPapers,
  wishesOf,
} from './candidates.ts';

const idsOf = (chosen: readonly Chosen[]) => chosen.map(({ paper }) => paper.id);

test('the same inputs give the same selection, in whatever order papers, words and votes come', () => {
  fc.assert(
    fc.property(papersOfDay, anyWishes, votedPapers, (papers, wishes, voted) => {
      const chosen = selectPapers(indexOf(papers), wishes, tasteFor(voted));
      const turned = {
        ...wishes,
        topics: wishes.topics.toReversed(),
        authors: wishes.authors.toReversed(),
        muted: wishes.muted.toReversed(),
      };
      expect(selectPapers(indexOf(papers.toReversed()), turned, tasteFor(voted.toReversed()))).toEqual(chosen);
    }),
  );
});

test('papers that match come first, each says which wish it matched, and no paper comes twice', () => {
  fc.assert(
    fc.property(papersOfDay, anyWishes, votedPapers, (papers, wishes, voted) => {
      const index = indexOf(papers);
      const chosen = selectPapers(index, wishes, tasteFor(voted));
      const matched = chosen.map(({ topics, authors }) => topics.length + authors.length > 0);
      expect(matched).toEqual(matched.toSorted((a, b) => Number(b) - Number(a)));
      expect(new Set(idsOf(chosen)).size).toBe(chosen.length);
      for (const { paper, topics: on, authors: by } of chosen) {
        const number = index.candidates.findIndex(candidate => candidate.paper === paper);
        const topics = wishes.topics.filter(topic => (index.relevanceOf(topic)[number] ?? 0) >= 0.35);
        const authors = wishes.authors.filter(author => index.writtenBy(author).includes(number));
        expect([on, by]).toEqual([topics.toSorted(), authors.toSorted()]);
      }
    }),
  );
});

test('there are as many as were asked for, or all that are neither muted nor below the least score', () => {
  fc.assert(
    fc.property(papersOfDay, anyWishes, votedPapers, (papers, wishes, voted) => {
      const index = indexOf(papers);
      const wanted = index.candidates.filter(
        ({ score }, number) =>
          score >= (wishes.minScore ?? 0) && !wishes.muted.some(muted => index.mutedBy(muted).includes(number)),
      );
      const chosen = selectPapers(index, wishes, tasteFor(voted));
      expect(chosen).toHaveLength(Math.min(wanted.length, wishes.maxPapers));
      expect(wanted.map(({ paper }) => paper.id)).toEqual(expect.arrayContaining(idsOf(chosen)));
    }),
  );
});

test('without topics, authors and a taste, or with learning switched off, the order is the digest’s own', () => {
  fc.assert(
    fc.property(papersOfDay, anyWishes, votedPapers, (papers, wishes, voted) => {
      const index = indexOf(papers);
      const plain = { ...wishes, topics: [], authors: [], muted: [], minScore: undefined, learned: false };
      const own = index.candidates.slice(0, wishes.maxPapers).map(({ paper }) => paper.id);
      const chosen = selectPapers(index, plain, tasteFor(voted));
      expect(idsOf(chosen)).toEqual(own);
      expect(chosen.some(({ liked }) => liked)).toBe(false);
      expect(selectPapers(index, { ...wishes, learned: false }, tasteFor(voted))).toEqual(
        selectPapers(index, { ...wishes, learned: true }),
      );
    }),
  );
});

test('one more vote never lets a paper pass the voted paper’s twin that has nothing in common with it', () => {
  let passed = 0;
  fc.assert(
    fc.property(sparsePapers, sparseVotes, fc.nat(), (papers, voted, drawn) => {
      const twin = papers[drawn % papers.length] as Paper;
      const index = indexOf(papers);
      const vote = { ...twin, id: '2609.00001' };
      const before = idsOf(selectPapers(index, wishesOf({ maxPapers: 50 }), tasteFor(voted)));
      const after = idsOf(selectPapers(index, wishesOf({ maxPapers: 50 }), tasteFor([...voted, vote])));
      const inVote = new Set(tasteFor([vote]).map(([stem]) => stem));
      for (const paper of papers) {
        const wasBehind = before.indexOf(paper.id) > before.indexOf(twin.id);
        const isBehind = after.indexOf(paper.id) > after.indexOf(twin.id);
        if (!wasBehind && isBehind) passed += 1;
        const isUnrelated = !tasteFor([paper]).some(([stem]) => inVote.has(stem));
        if (wasBehind && isUnrelated) expect(isBehind).toBe(true);
      }
    }),
    { numRuns: depth(300, 60) },
  );
  // It was about something: votes did move twins up.
  expect(passed).toBeGreaterThan(depth(100, 10));
});

const paper = (number: number, fields: Partial<Parameters<typeof examplePaper>[0]>) =>
  examplePaper({ id: `2611.0000${number}`, upvotes: 20 - number, ...fields });

test('a reader’s mail: their topics first, the rest by trending, nothing muted', () => {
  const index = indexOf([
    paper(1, {
      title: 'Scaling Robots for Crypto',
      abstract: 'Robots that sign Bitcoin transactions on a blockchain.',
    }),
    paper(2, { title: 'Speech at Night' }),
    paper(3, { title: 'Latent \\emph{Diffusion} Models', categories: ['cs.CV'] }),
    paper(4, { title: 'A Diffusion-Model Primer', authors: ['Yann LeCun'] }),
    paper(5, { title: 'Graphs of Roads', abstract: 'We count roads, as a crypto study once did.' }),
    paper(6, { title: 'Walking Far' }),
  ]);
  const wishes = wishesOf({ topics: ['Diffusion models', 'cs.cv'], authors: ['LeCun, Y.'], muted: ['CRYPTO'] });
  const chosen = selectPapers(index, wishes);
  expect(chosen.map(({ paper: { id }, topics, authors }) => [id, [...topics, ...authors]])).toEqual([
    ['2611.00004', ['Diffusion models', 'LeCun, Y.']],
    ['2611.00003', ['Diffusion models', 'cs.cv']],
    ['2611.00002', []],
    ['2611.00005', []],
    ['2611.00006', []],
  ]);
});

test('a paper that is about three topics stands before one that says one of them in passing', () => {
  const filling = 'We measure how long each step takes on many machines and compare the results with earlier ones. ';
  const index = indexOf([
    paper(1, { title: 'Faster Updates', abstract: `${filling.repeat(6)} It keeps update histories.`, upvotes: 90 }),
    paper(2, {
      title: 'Reading Historical Newspapers in Archives',
      abstract: `Journalists search archives. ${filling}`,
    }),
    paper(3, { title: 'Walking Far', upvotes: 50 }),
  ]);
  const chosen = selectPapers(index, wishesOf({ topics: ['history', 'archives', 'journalism'] }));
  expect(chosen.map(({ paper: { id }, topics, authors }) => [id, [...topics, ...authors]])).toEqual([
    ['2611.00002', ['archives', 'history', 'journalism']],
    ['2611.00001', []],
    ['2611.00003', []],
  ]);
});

test('only what is mine: papers on a topic, by an author or like those upvoted, or none', () => {
  const papers = [
    paper(1, { title: 'Robots that Walk', abstract: 'Walking over rubble with four legs.' }),
    paper(2, { title: 'Speech in Noise', abstract: 'Hearing voices in a crowd.', authors: ['Yann LeCun'] }),
    paper(3, { title: 'Protein Folding at Scale', abstract: 'Predicting protein structure.' }),
    paper(4, { title: 'Bridges of Wood', abstract: 'Counting the bridges of a town.' }),
  ];
  const index = indexOf(papers);
  const mine = { topics: ['robots'], authors: ['Yann LeCun'], onlyMine: true };
  const taste = tasteFor([paper(9, { title: 'Fast Protein Folding', abstract: 'The structure of a protein.' })]);
  expect(idsOf(selectPapers(index, wishesOf(mine), taste))).toEqual(['2611.00002', '2611.00001', '2611.00003']);
  expect(idsOf(selectPapers(index, wishesOf({ ...mine, learned: false }), taste))).toEqual([
    '2611.00002',
    '2611.00001',
  ]);
  expect(selectPapers(index, wishesOf({ topics: ['volcanoes'], onlyMine: true }))).toEqual([]);
  // Without any wish, all papers are the reader's.
  expect(selectPapers(index, wishesOf({ onlyMine: true }))).toHaveLength(4);
});

test('a paper like those upvoted moves up and says so', () => {
  const index = indexOf([
    paper(1, { title: 'Robots that Walk', abstract: 'Walking over rubble with four legs.', upvotes: 30 }),
    paper(2, { title: 'Speech in Noise', abstract: 'Hearing voices in a crowd.', upvotes: 30 }),
    paper(3, { title: 'Protein Folding at Scale', abstract: 'Predicting protein structure.', upvotes: 20 }),
  ]);
  const taste = tasteFor([paper(9, { title: 'Fast Protein Folding', abstract: 'The structure of a protein.' })]);
  const [first, ...others] = selectPapers(index, wishesOf(), taste);
  expect([first?.paper.id, first?.liked]).toEqual(['2611.00003', true]);
  expect(others.map(({ liked }) => liked)).toEqual([false, false]);
});

test('papers like the one of which a reader wants less come later, and are not said to be liked', () => {
  const index = indexOf([
    paper(1, { title: 'Protein Folding at Scale', abstract: 'Predicting protein structure.', upvotes: 22 }),
    paper(2, { title: 'Speech in Noise', abstract: 'Hearing voices in a crowd.', upvotes: 20 }),
    paper(3, { title: 'Bridges of Wood', abstract: 'Counting the bridges of a town.', upvotes: 18 }),
  ]);
  const unwanted = paper(9, { title: 'Fast Protein Folding', abstract: 'The structure of a protein.' });
  const taste = tasteOf([], [{ id: unwanted.id, profile: profileOf(unwanted) }]);
  const chosen = selectPapers(index, wishesOf(), taste);
  expect(idsOf(chosen)).toEqual(['2611.00002', '2611.00003', '2611.00001']);
  expect(chosen.some(({ liked }) => liked)).toBe(false);
  expect(idsOf(selectPapers(index, wishesOf({ learned: false }), taste))[0]).toBe('2611.00001');
});
