import { describe, expect, test } from 'vitest';
import { homePage, subscribeFormPage } from '../../../../functions/public-api/papers/home-view.tsx';
import { linksOf, samplePaper, wordsOf } from '../../../email/sample.ts';

const home = {
  publicUrl: 'https://papers.test',
  ...{ isFront: true, isFirstPage: true },
  view: { period: { date: '2026-11-23' }, sort: 'trending' as const, day: '2026-11-23', today: '2026-11-23' },
  papers: [samplePaper(2)],
  digests: [{ id: 'daily-2026-11-23', kind: 'daily' as const, date: '2026-11-23', subject: 'A paper', paperCount: 20 }],
};

describe('the home page', () => {
  test('asks for one address and posts it', () => {
    const html = homePage(home);
    expect(wordsOf(html)).toContain('Get trending papers in your email inbox!');
    expect(html).toContain('<form method="post" action="/subscriptions">');
    expect(html.match(/<input [^>]*>/g)).toEqual([
      expect.stringMatching(/name="email" type="email" autocomplete="email"/),
      // Only for programs: neither seen, nor reached by the keyboard, nor read out.
      expect.stringMatching(/tabindex="-1" autocomplete="off"/),
      expect.stringMatching(/name="topics"/),
      expect.stringMatching(/id="compact" type="checkbox"/),
      expect.stringMatching(/name="date" type="date" value="2026-11-23" max="2026-11-23"/),
    ]);
    expect(html).toContain('<div class="trap" aria-hidden="true">');
  });

  test('lists the papers of its day with their links, and the latest digests', () => {
    const html = homePage(home);
    const shown = samplePaper(2);
    expect(wordsOf(html)).toContain(shown.title);
    expect(wordsOf(html)).toContain('Monday, November 23, 2026');
    expect(linksOf(html)).toEqual(
      expect.arrayContaining([
        `/papers/${shown.id}`,
        shown.url,
        shown.pdfUrl,
        shown.codeUrl,
        '/digests/daily-2026-11-23',
        '/digests',
      ]),
    );
  });

  test('links to the other periods and orders, and not to what is shown', () => {
    const html = homePage({
      ...home,
      view: { period: { week: '2026-W48' }, sort: 'upvotes', day: '2026-11-23', today: '2026-11-23' },
    });
    expect(wordsOf(html)).toContain('Papers of the week from Monday, November 23, 2026');
    expect(linksOf(html)).toEqual(
      expect.arrayContaining([
        '/?date=2026-11-23&sort=upvotes',
        '/?month=2026-11&sort=upvotes',
        '/?period=all&sort=upvotes',
        '/?week=2026-W48',
        '/?week=2026-W48&sort=published',
      ]),
    );
    expect(html.match(/<strong aria-current="true">[^<]*/g)).toEqual([
      '<strong aria-current="true">Week',
      '<strong aria-current="true">Most upvoted',
    ]);
  });

  test('of all time links to its further pages', () => {
    const view = {
      period: {},
      sort: 'published' as const,
      day: '2026-11-23',
      today: '2026-11-23',
    };
    const html = homePage({ ...home, view, nextCursor: 'a&b' });
    expect(wordsOf(html)).toContain('Papers of all time');
    expect(html).toContain('<strong aria-current="true">All time');
    expect(linksOf(html)).toContain('/?period=all&cursor=a%26b&sort=published');
    expect(linksOf(html).some(link => link.includes('date='))).toBe(true);
  });

  test('says so when there are no papers, why, and where there are some', () => {
    const empty = { why: 'It was a weekend.', before: '2026-11-20', after: '2026-11-23' };
    const html = homePage({ ...home, papers: [], digests: [], empty });
    expect(wordsOf(html)).toContain('It was a weekend.');
    expect(linksOf(html)).toEqual(expect.arrayContaining(['/?date=2026-11-20', '/?date=2026-11-23']));
    expect(html).not.toContain('<ol');
  });

  test.each([
    [{ date: '2026-11-22' }, '/?date=2026-11-21', '/?date=2026-11-23'],
    [{ date: '2026-11-23' }, '/?date=2026-11-22', undefined],
    [{ week: '2026-W01' }, '/?week=2025-W52', '/?week=2026-W02'],
    [{ week: '2026-W48' }, '/?week=2026-W47', undefined],
    [{ month: '2026-01' }, '/?month=2025-12', '/?month=2026-02'],
    [{ date: '0001-01-01' }, undefined, '/?date=0001-01-02'],
    [{}, undefined, undefined],
  ])('of %j links to the periods before and after, and to none that has not begun', (period, before, after) => {
    const html = homePage({ ...home, view: { ...home.view, period } });
    const relOf = (rel: string) => new RegExp(`rel="${rel}" href="([^"]*)"`).exec(html)?.[1];
    expect([relOf('prev'), relOf('next')]).toEqual([before, after]);
  });

  test('a list that was asked for has its own title, address and description, and the form below it', () => {
    const view = { ...home.view, period: { month: '2026-11' } };
    const html = homePage({ ...home, view, isFront: false });
    expect(html).toContain('<title>Papers of November 2026 · Daily Papers</title>');
    expect(html).toContain('<link rel="canonical" href="https://papers.test/?month=2026-11"/>');
    expect(html).toContain('<meta property="og:description" content="Papers of November 2026: Paper 2: ');
    expect(html.indexOf('action="/subscriptions"')).toBeGreaterThan(html.indexOf('<ol'));
  });

  test('papers are numbered on the first page alone', () => {
    expect(homePage(home)).toContain('class="list ranked"');
    expect(homePage({ ...home, isFirstPage: false })).not.toContain('ranked"');
  });
});

describe('the form after an address that can’t be one', () => {
  test('names the problem and keeps what was typed, escaped', () => {
    const html = subscribeFormPage({ problem: 'Not an address.', email: '"><script>@x' });
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;@x"');
    expect(html).toContain('aria-invalid="true" aria-describedby="problem"');
    expect(html).toMatch(/id="problem" role="alert">Not an address\.</);
  });

  test('shows no problem where there is none', () => {
    expect(subscribeFormPage({})).not.toMatch(/role="alert"|aria-invalid=|value=/);
  });
});
