import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from '../../local/browser.ts';
import { allMails } from '../email/all-mails.ts';
import { startBrowser } from './browser.ts';

/* Every mail in a real browser: what axe finds wrong with it, light and dark, and whether a thumb finds its links. */

let browser: Awaited<ReturnType<typeof startBrowser>>;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.stop());

describe('axe finds nothing wrong with the mail, and it does not scroll sideways', () => {
  test.each(Object.keys(allMails))('%s', async name => {
    expect(await browser.faultsOf({ html: allMails[name]?.html ?? '' })).toEqual([]);
  });

  test('even where its <style> is dropped', async () => {
    const html = (allMails.daily?.html ?? '').replace(/<style>.*?<\/style>/s, '');
    const faults = await browser.faultsOf({ html });
    // Without it, links are as tall as their line.
    expect(faults.filter(fault => !fault.includes('target-size'))).toEqual([]);
  });
});

test('each link of a paper is at least 44 px high for a thumb, and they do not overlap', async () => {
  const chromium = await launchBrowser();
  try {
    const page = await chromium.newPage({ viewport: { width: 320, height: 800 } });
    await page.setContent(allMails.daily?.html ?? '');
    const measure = `[...document.querySelectorAll('.t a')].map(a => {
      const { top, left, width, height } = a.getBoundingClientRect();
      return { label: a.textContent, top, left, width, height };
    })`;
    const links = (await page.evaluate(measure)) as Record<'top' | 'left' | 'width' | 'height', number>[];
    expect(links.length).toBeGreaterThan(8);
    for (const [place, link] of links.entries()) {
      expect(link.height).toBeGreaterThanOrEqual(44);
      expect(link.width).toBeGreaterThanOrEqual(44);
      const next = links[place + 1];
      if (next && next.top < link.top + link.height) expect(next.left).toBeGreaterThanOrEqual(link.left + link.width);
    }
  } finally {
    await chromium.close();
  }
});
