import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rankPapers } from '../../shared/papers/rank.ts';
import { closesAt, opensAt, pointsOf, type Scored, type Snapshot, scorePapers } from '../../shared/papers/score.ts';
import { depth } from '../support/depth.ts';
import { examplePaper } from './example-paper.ts';

const hour = 3_600_000;
const count = fc.oneof(fc.nat(8), fc.nat(300));
const categories = fc.constantFrom<string[]>([], ['cs.CL'], ['cs.CV'], ['math.AG'], ['q-bio.NC']);
const days = ['2026-11-21', '2026-11-22', '2026-11-23'];
const paper = fc.record({
  upvotes: count,
  votes: fc.option(count, { nil: undefined }),
  comments: fc.nat(20),
  codeStars: fc.nat(60_000),
  categories,
  day: fc.constantFrom(...days),
  pinnedDay: fc.option(fc.constantFrom(...days), { nil: undefined }),
  publishedAt: fc.constantFrom(undefined, '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'),
});
const snapshots = fc
  .array(
    fc.record({ hours: fc.integer({ min: -10, max: 90 }), upvotes: count, votes: fc.nat(30), comments: fc.nat(20) }),
    {
      maxLength: 8,
    },
  )
  .map(list => list.toSorted((a, b) => a.hours - b.hours));
/** Papers with what was counted of them before, at an instant up to 4 days after the first day opened. */
const lists = fc.record({
  papers: fc.array(fc.tuple(paper, snapshots), { minLength: 1, maxLength: 25 }),
  hours: fc.integer({ min: 0, max: 96 }),
});

function worldOf({ papers, hours }: typeof lists extends fc.Arbitrary<infer T> ? T : never) {
  const start = opensAt('2026-11-21');
  const world = papers.map(([fields], index) => ({ ...fields, id: `2611.${String(index).padStart(5, '0')}` }));
  const history = new Map<string, Snapshot[]>(
    papers.map(([, list], index) => [
      `2611.${String(index).padStart(5, '0')}`,
      list.map(({ hours: at, ...counts }) => ({ at: start + at * hour, ...counts })),
    ]),
  );
  return { papers: world as Scored[], history, at: start + hours * hour };
}

const rankOf = (world: ReturnType<typeof worldOf>, id: string) =>
  rankPapers(world.papers, { ...world, pinnedFirst: true }).findIndex(ranked => ranked.paper.id === id);

describe('the trending score', () => {
  test.each(['upvotes', 'votes', 'comments', 'codeStars'] as const)(
    'never lowers a paper that gets one more of its %s',
    name => {
      fc.assert(
        fc.property(lists, fc.nat(24), (list, pick) => {
          const world = worldOf(list);
          const chosen = world.papers[pick % world.papers.length] as Scored;
          const voted = {
            ...world,
            papers: world.papers.map(one => (one === chosen ? { ...one, [name]: (one[name] ?? 0) + 1 } : one)),
          };
          const scoreIn = ({ papers, at, history }: typeof world) =>
            scorePapers(papers, at, history).get(chosen.id)?.score;
          expect(scoreIn(voted)).toBeGreaterThanOrEqual(scoreIn(world) as number);
          expect(rankOf(voted, chosen.id)).toBeLessThanOrEqual(rankOf(world, chosen.id));
        }),
        { numRuns: depth(1_000, 200) },
      );
    },
  );

  test('never rises with age alone', () => {
    fc.assert(
      fc.property(lists, fc.integer({ min: 1, max: 200 }), (list, later) => {
        const world = worldOf(list);
        // Nothing that happens afterwards is known yet at the earlier instant.
        for (const [id, known] of world.history) {
          world.history.set(
            id,
            known.filter(snapshot => snapshot.at < world.at),
          );
        }
        const before = scorePapers(world.papers, world.at, world.history);
        const after = scorePapers(world.papers, world.at + later * hour, world.history);
        for (const { id } of world.papers) {
          // To the last digits of a double: the same sum is made along other ways.
          expect(after.get(id)?.score).toBeLessThanOrEqual((before.get(id)?.score as number) * (1 + 1e-12));
        }
      }),
      { numRuns: depth(1_000, 200) },
    );
  });

  test('gives the same order whatever order the papers are read in', () => {
    fc.assert(
      fc.property(lists, fc.constantFrom('trending', 'upvotes', 'published'), fc.nat(), (list, sort, seed) => {
        const world = worldOf(list);
        const turn = seed % world.papers.length;
        const others = [...world.papers.slice(turn), ...world.papers.slice(0, turn)].reverse();
        const idsOf = (papers: Scored[]) =>
          rankPapers(papers, { ...world, pinnedFirst: true }, sort).map(ranked => ranked.paper.id);
        expect(idsOf(others)).toEqual(idsOf(world.papers));
      }),
      { numRuns: 500 },
    );
  });

  test('breaks a tie by the id', () => {
    const twins = ['2611.00002', '2611.00001', '2611.00003'].map(id => examplePaper({ id }));
    const ranked = rankPapers(twins, { at: closesAt('2026-11-23'), history: new Map(), pinnedFirst: true });
    expect(ranked.map(one => one.paper.id)).toEqual(['2611.00001', '2611.00002', '2611.00003']);
  });

  test('puts the paper first that rises now, of two with the same votes', () => {
    const at = closesAt('2026-11-23');
    const papers = ['2611.00001', '2611.00002'].map(id => examplePaper({ id, upvotes: 20 }));
    const history = new Map([
      ['2611.00001', [{ at: at - 13 * hour, upvotes: 20 }]],
      ['2611.00002', [{ at: at - 13 * hour, upvotes: 2 }]],
    ]);
    const [first, second] = rankPapers(papers, { at, history, pinnedFirst: true });
    expect(first?.paper.id).toBe('2611.00002');
    // 18 votes came in 13 hours, so 12/13 of them in the last 12; the usual pace gives 2 in 12 hours more.
    expect(first?.score.pointsPerHour).toBeCloseTo((2 + (18 * 12) / 13) / 24, 10);
    expect(second?.score.pointsPerHour).toBeCloseTo(2 / 24, 10);
  });

  test('takes points to have come evenly where no snapshot says how: since the day opened, then from one to the next', () => {
    const only = (upvotes: number, hours: number, history: Snapshot[]) => {
      const papers = [examplePaper({ id: '2611.00001', upvotes, day: '2026-11-23' })];
      const at = opensAt('2026-11-23') + hours * hour;
      const score = scorePapers(papers, at, new Map([['2611.00001', history]])).get('2611.00001');
      // The gain of 12 hours, out of the pace: 2 of the usual pace are taken to have been seen as well.
      return (score?.pointsPerHour as number) * 24 - 2;
    };
    expect(only(30, 8, [])).toBeCloseTo(30, 10);
    expect(only(30, 12, [])).toBeCloseTo(30, 10);
    expect(only(30, 24, [])).toBeCloseTo(15, 10);
    expect(only(30, 120, [])).toBeCloseTo(3, 10);
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.integer({ min: 13, max: 120 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (points, hours, part) => {
          const even = { at: opensAt('2026-11-23') + part * hours * hour, upvotes: part * points };
          expect(only(points, hours, [even])).toBeCloseTo(only(points, hours, []), 6);
        },
      ),
    );
  });

  test('a lone vote is not taken for a storm', () => {
    const papers = [examplePaper({ id: '2611.00001', upvotes: 1 }), examplePaper({ id: '2611.00002', upvotes: 4 })];
    const at = opensAt('2026-11-23') + hour;
    const history = new Map([['2611.00002', [{ at: at - 26 * hour, upvotes: 3 }]]]);
    expect(rankPapers(papers, { at, history, pinnedFirst: true })[0]?.paper.id).toBe('2611.00002');
  });

  test('levels fields of unequal size, and the more surely the more papers they have', () => {
    const busy = Array.from({ length: 20 }, (_, n) =>
      examplePaper({ id: `2611.1${String(n).padStart(4, '0')}`, categories: ['cs.CV'], upvotes: 40 }),
    );
    const quiet = (number: number) =>
      Array.from({ length: number }, (_, n) =>
        examplePaper({ id: `2611.2${String(n).padStart(4, '0')}`, categories: ['math.AG'], upvotes: 4 }),
      );
    const factor = (papers: Scored[], id: string) =>
      scorePapers(papers, closesAt('2026-11-23'), new Map()).get(id)?.fieldFactor as number;
    const [one, many] = [1, 10].map(number => factor([...busy, ...quiet(number)], '2611.20000'));
    expect(one).toBeGreaterThan(1);
    expect(many).toBeGreaterThan(one as number);
    expect(factor([...busy, ...quiet(10)], '2611.10000')).toBeLessThan(1);
    expect(factor([examplePaper({ categories: [] }), ...busy], '2611.00001')).toBe(1);
  });

  test('counts stars by their logarithm', () => {
    expect(pointsOf({ upvotes: 3, votes: 4, comments: 2, codeStars: 1_023 })).toBe(3 + 4 + 1 + 5);
  });
});
