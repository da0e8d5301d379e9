import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type SourceName, sourceNames } from '../../shared/events/sources.ts';
import { expectationOf } from '../../shared/papers/calendar.ts';
import { freshnessOf, isAlarming, type SourceDay, whyNothing } from '../../shared/papers/freshness.ts';

/** A Monday. */
const day = '2026-11-23';
const at = (time: string) => Date.parse(time);
const morning = at('2026-11-23T12:00:00Z');
const evening = at('2026-11-23T22:00:00Z');
const nextDay = at('2026-11-24T14:00:00Z');
const read = (readAt: number, papers = 0, entries = papers) => ({ readAt, papers, entries });

describe('a source on a working day is', () => {
  test.each<[string, SourceName, Partial<SourceDay> | undefined, number, boolean, string, RegExp]>([
    ['fresh with papers', 'hugging-face', read(evening, 3), evening, false, 'fresh', /^3 papers$/],
    ['waiting before they are due', 'hugging-face', read(morning), morning, false, 'waiting', /by 16:00/],
    ['waiting before it was read', 'hugging-face', undefined, morning, false, 'waiting', /by 16:00/],
    ['stalled when they are late', 'hugging-face', read(evening), evening, false, 'stalled', /shows no papers/],
    ['stalled when all it shows is old', 'page', read(evening, 0, 52), evening, false, 'stalled', /of earlier days/],
    ['stalled when nobody has read it', 'hugging-face', undefined, evening, false, 'stalled', /not read/],
    ['stalled when nobody reads it any more', 'hugging-face', read(morning, 3), evening, false, 'stalled', /10 hours/],
    ['stalled on a day that is over', 'arxiv', read(evening), nextDay, false, 'stalled', /shows no papers/],
    [
      'quiet when it went on with the next day',
      'arxiv',
      read(evening),
      nextDay,
      true,
      'quiet',
      /nothing was announced/,
    ],
    ['fresh on a day that is over', 'arxiv', read(morning, 9), nextDay, false, 'fresh', /9 papers/],
    [
      'failed when reading failed last',
      'arxiv',
      { ...read(morning), failedAt: evening, reason: '503' },
      evening,
      false,
      'failed',
      /503/,
    ],
    [
      'well when it failed before',
      'arxiv',
      { ...read(evening, 1), failedAt: morning, reason: '503' },
      evening,
      false,
      'fresh',
      /1 paper$/,
    ],
  ])('%s', (_, source, record, now, later, state, reason) => {
    const result = freshnessOf(source, day, record as never, now, later);
    expect(result).toEqual({ state, reason: expect.stringMatching(reason) });
    expect(isAlarming(result)).toBe(state === 'stalled' || state === 'failed');
  });

  test('quiet at weekends, also when it is read in vain', () => {
    for (const weekend of ['2026-11-21', '2026-11-22']) {
      const now = at(`${weekend}T22:00:00Z`);
      expect(freshnessOf('hugging-face', weekend, read(now), now)).toEqual({
        state: 'quiet',
        reason: 'nothing is announced at weekends',
      });
    }
  });

  test('fresh at a weekend when there are papers all the same', () => {
    const now = at('2026-11-22T22:00:00Z');
    expect(freshnessOf('hugging-face', '2026-11-22', read(now, 1), now).state).toBe('fresh');
  });
});

test.each([
  // The evening before counts: Thanksgiving (26 November) leaves Friday empty, not Thursday.
  ['2026-11-26', undefined],
  ['2026-11-27', 'holiday'],
  ['2026-12-25', undefined],
  ['2026-12-28', undefined],
  ['2027-01-19', 'holiday'],
  ['2026-09-08', 'holiday'],
  ['2025-12-26', 'holiday'],
  ['2026-11-22', 'weekend'],
])('arXiv’s listing of %s: %s', (listed, quiet) => {
  expect(expectationOf('arxiv', listed).quiet).toBe(quiet);
});

test.each([
  ['2026-11-25', undefined],
  ['2026-11-26', 'holiday'],
  ['2026-11-27', 'holiday'],
  ['2026-11-28', 'weekend'],
  ['2026-12-25', 'holiday'],
  ['2026-12-28', undefined],
  ['2027-01-01', 'holiday'],
])('Hugging Face’s %s, of whose holidays nothing is known: %s', (listed, quiet) => {
  expect(expectationOf('hugging-face', listed).quiet).toBe(quiet);
});

test('papers on a holiday are as fresh as any, and a source that fails on one is seen', () => {
  const now = at('2026-11-26T22:00:00Z');
  const stateOf = (record: object) => freshnessOf('hugging-face', '2026-11-26', record as never, now).state;
  expect(stateOf({ readAt: now, papers: 3, entries: 3 })).toBe('fresh');
  expect(stateOf({ readAt: now, papers: 0, entries: 0 })).toBe('quiet');
  expect(stateOf({ failedAt: now, papers: 0, entries: 0, reason: '503' })).toBe('failed');
});

test('no papers are never fresh, papers of a day that is over always, whatever else happened', () => {
  const times = fc.option(fc.integer({ min: at('2026-11-20T00:00:00Z'), max: nextDay }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.constantFrom(...sourceNames),
      fc.record({ readAt: times, failedAt: times, papers: fc.nat(2), entries: fc.nat(2) }),
      fc.integer({ min: at('2026-11-20T00:00:00Z'), max: nextDay }),
      fc.boolean(),
      (source, record, now, later) => {
        const known = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
        const { state, reason } = freshnessOf(source, day, known as never, now, later);
        expect(reason).not.toBe('');
        if (record.papers === 0) expect(state).not.toBe('fresh');
        if (record.papers > 0 && now >= at('2026-11-24T02:30:00Z')) expect(state).toBe('fresh');
      },
    ),
  );
});

test('the reason for an empty day is said of each source that is read', () => {
  const now = at('2026-11-22T22:00:00Z');
  const records = [
    {
      source: 'arxiv' as const,
      day: '2026-11-22',
      readAt: now,
      papers: 0,
      entries: 0,
      failedAt: now + 1,
      reason: '503',
    },
    { source: 'page' as const, day: '2026-11-20', readAt: 1, papers: 4, entries: 4 },
  ];
  const weekend = 'quiet, nothing is announced at weekends';
  expect(whyNothing('2026-11-22', records, now)).toBe(
    `Nothing was announced (hugging-face: ${weekend}; arxiv: failed, 503; page: ${weekend}).`,
  );
});
