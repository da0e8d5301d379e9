import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SourceName, sourceNames } from '../../shared/events/sources.ts';
import { asSourced, isSamePaper, mergePapers, type SourcedPaper } from '../../shared/papers/merge.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { depth } from '../support/depth.ts';
import { examplePaper } from './example-paper.ts';

const day = '2026-11-23';

function merge(...readings: [Partial<Paper>, number][]): SourcedPaper {
  const [first, ...others] = readings.map(([fields, readAt]) => asSourced(examplePaper(fields), readAt));
  return others.reduce(mergePapers, first as SourcedPaper);
}

describe('readings of one paper', () => {
  test('become one: each field from whom it is best known, the first day, all sources', () => {
    const { paper, provenance } = merge(
      [{ day: '2026-11-22', authors: ['A. Author'], upvotes: 0, sources: ['page'], title: 'Of the page' }, 9],
      [{ authors: [], title: 'Of Hugging Face', upvotes: 7, keywords: ['votes'], sources: ['hugging-face'] }, 2],
      [{ title: 'Of arXiv', upvotes: 0, version: 1, categories: ['cs.AI'], sources: ['arxiv'], day: '2026-11-20' }, 1],
    );
    expect(paper).toEqual(
      examplePaper({
        title: 'Of arXiv',
        version: 1,
        day: '2026-11-22',
        upvotes: 7,
        keywords: ['votes'],
        categories: ['cs.AI'],
        sources: ['hugging-face', 'arxiv', 'page'],
      }),
    );
    expect(provenance).toMatchObject({
      title: { source: 'arxiv', readAt: 1, version: 1 },
      upvotes: { source: 'hugging-face', readAt: 2 },
      keywords: { source: 'hugging-face', readAt: 2 },
      day: { source: 'page', readAt: 9 },
    });
  });

  test('never go back to an older version, however late it is read', () => {
    const { paper } = merge(
      [{ title: 'Second', version: 2, sources: ['arxiv'] }, 1],
      [{ title: 'First', version: 1, sources: ['arxiv'] }, 5],
    );
    expect(paper).toMatchObject({ title: 'Second', version: 2 });
  });

  test('keep a curator’s words, and what a curator decided', () => {
    const stored = merge([{ title: 'A curator’s', sources: ['curator'] }, 1]);
    stored.paper.hidden = true;
    stored.paper.pinnedDay = '2026-11-25';
    const merged = mergePapers(stored, asSourced(examplePaper({ title: 'Another', sources: ['hugging-face'] }), 2));
    expect(merged.paper).toMatchObject({ title: 'A curator’s', hidden: true, pinnedDay: '2026-11-25' });
  });

  test('move from the day on which arXiv announced it to the day on which it was featured', () => {
    const announced: [Partial<Paper>, number] = [{ day: '2026-11-20', sources: ['arxiv'] }, 1];
    const featured: [Partial<Paper>, number] = [{ day, sources: ['hugging-face'] }, 2];
    expect(merge(announced, featured).paper.day).toBe(day);
    expect(merge(featured, announced).paper.day).toBe(day);
  });

  test('keep the place on the first day on which a source listed them, and of that day the newest', () => {
    const listed = (on: string, place: number, readAt: number): [Partial<Paper>, number] => [
      { sourcePlace: { day: on, place }, sources: ['page'] },
      readAt,
    ];
    const { paper } = merge(listed(day, 4, 1), listed(day, 2, 2), listed('2026-11-24', 1, 3), [
      { sources: ['hugging-face'] },
      4,
    ]);
    expect(paper.sourcePlace).toEqual({ day, place: 2 });
  });

  test('keep the place of a source that features papers, and not of an earlier list that announces all', () => {
    const listed = (on: string, place: number, source: SourceName): [Partial<Paper>, number] => [
      { sourcePlace: { day: on, place }, sources: [source] },
      place,
    ];
    const announced = listed('2026-11-20', 140, 'arxiv');
    expect(merge(announced, listed(day, 3, 'hugging-face')).paper.sourcePlace).toEqual({ day, place: 3 });
    expect(merge(listed(day, 3, 'hugging-face'), announced).paper.sourcePlace).toEqual({ day, place: 3 });
    expect(merge(announced, listed('2026-11-19', 9, 'arxiv')).paper.sourcePlace).toMatchObject({ place: 9 });
    expect(merge(listed(day, 8, 'page'), listed(day, 3, 'hugging-face')).paper.sourcePlace).toMatchObject({ place: 3 });
  });

  test('keep the votes of subscribers, which no reading has', () => {
    const stored = asSourced(examplePaper({ votes: 4 }), 1);
    const read = asSourced(examplePaper({ upvotes: 50 }), 2);
    expect(mergePapers(stored, read).paper).toMatchObject({ votes: 4, upvotes: 50 });
  });

  const reading = fc
    .record(
      {
        day: fc.constantFrom('2026-11-22', '2026-11-23', '2026-11-24'),
        title: fc.constantFrom('A', 'B', 'C'),
        upvotes: fc.nat(3),
        keywords: fc.subarray(['a', 'b']),
        authors: fc.subarray(['A. Author', 'B. Author']),
        comments: fc.nat(2),
        codeUrl: fc.constantFrom('https://github.com/a/b', 'https://github.com/c/d'),
        version: fc.integer({ min: 1, max: 3 }),
        withdrawn: fc.boolean(),
        sourcePlace: fc.record({ day: fc.constantFrom('2026-11-22', day), place: fc.integer({ min: 1, max: 3 }) }),
        sources: fc.constantFrom(...sourceNames).map(name => [name]),
      },
      { requiredKeys: ['sources'] },
    )
    .chain(fields => fc.tuple(fc.constant(fields), fc.integer({ min: 1, max: 4 })))
    .map(([fields, readAt]) => asSourced(examplePaper(fields), readAt));

  test('give the same paper in any order, any grouping, and read any number of times', () => {
    const shuffled = fc
      .array(reading, { minLength: 1, maxLength: 6 })
      .chain(readings =>
        fc.tuple(
          fc.constant(readings),
          fc.shuffledSubarray([...readings, ...readings], { minLength: readings.length * 2 }),
          fc.nat(readings.length - 1),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([readings, again, cut]) => {
        const all = (papers: SourcedPaper[]) => papers.slice(1).reduce(mergePapers, papers[0] as SourcedPaper);
        const merged = all(readings);
        expect(all(again)).toEqual(merged);
        if (cut > 0) expect(mergePapers(all(readings.slice(0, cut)), all(readings.slice(cut)))).toEqual(merged);
        for (const one of readings) expect(isSamePaper(mergePapers(merged, one), merged)).toBe(true);
      }),
      { numRuns: depth(2_000, 300) },
    );
  });
});
