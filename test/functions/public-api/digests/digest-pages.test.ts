import { describe, expect, test } from 'vitest';
import { archivePageOf, digestPage } from '../../../../functions/public-api/digests/digests-view.tsx';
import { linksOf, sampleDigest, samplePaper, wordsOf } from '../../../email/sample.ts';

test('the page of a digest shows it as it was frozen', () => {
  const html = digestPage({
    publicUrl: 'https://papers.test',
    before: undefined,
    after: undefined,
    digest: sampleDigest([samplePaper(1), samplePaper(2)], { papersOfDay: 52 }),
  });
  expect(wordsOf(html)).toContain('2 of 52 papers of the day');
  expect(linksOf(html)).toContain('/digests');
  expect(wordsOf(html).indexOf('Paper 1:')).toBeLessThan(wordsOf(html).indexOf('Paper 2:'));
});

describe('the page of all digests', () => {
  const publicUrl = 'https://papers.example.org';
  const digests = [
    { id: 'weekly-2026-W48', kind: 'weekly' as const, date: '2026-11-28', subject: 'The best', paperCount: 1 },
    { id: 'daily-2026-11-28', kind: 'daily' as const, date: '2026-11-28', subject: 'Nothing new', paperCount: 0 },
    { id: 'daily-2026-11-23', kind: 'daily' as const, date: '2026-11-23', subject: 'A paper', paperCount: 20 },
  ];

  test('says of each its subject, date and number of papers', () => {
    const words = wordsOf(archivePageOf({ publicUrl, kind: undefined, digests }));
    for (const said of [
      'The week to Saturday, November 28, 2026 · 1 paper',
      'Saturday, November 28, 2026 · no papers',
      'Monday, November 23, 2026 · 20 papers',
    ]) {
      expect(words).toContain(said);
    }
  });

  test('keeps to its kind when it links to older ones, and links to the feeds', () => {
    const html = archivePageOf({ publicUrl, kind: 'weekly', digests, nextCursor: 'a=&b' });
    expect(linksOf(html)).toEqual(
      expect.arrayContaining([
        '/digests?kind=weekly&cursor=a%3D%26b',
        '/digests?kind=daily',
        '/feed.atom',
        '/feed.json',
      ]),
    );
    expect(html.match(/<strong aria-current="true">[^<]*/g)).toEqual(['<strong aria-current="true">Weekly']);
    expect(linksOf(archivePageOf({ publicUrl, kind: undefined, digests })).some(link => link.includes('cursor'))).toBe(
      false,
    );
  });

  test('says so when there are none', () => {
    const html = archivePageOf({ publicUrl, kind: undefined, digests: [] });
    expect(wordsOf(html)).toContain('There are none yet.');
    expect(html).not.toContain('<ul');
  });
});
