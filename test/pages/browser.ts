import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../../local/browser.ts';

/** A document as it is served. */
export interface Served {
  html: string;
  /** Header fields that change how it looks, as its content security policy. */
  headers?: Record<string, string>;
}

/** How it is looked at. 320 CSS pixels are the narrowest that WCAG asks for (1.4.10). */
const looks = [320, 1280].flatMap(width => (['light', 'dark'] as const).map(colorScheme => ({ colorScheme, width })));

/** Rules of axe that are off unless asked for. */
const furtherRules = { 'target-size': { enabled: true } };

interface Violation {
  id: string;
  help: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** A browser that looks for faults of accessibility. */
export async function startBrowser() {
  const browser = await launchBrowser();
  return {
    /**
     * The faults that axe finds in a document, narrow and wide, light and dark: one text for each. Nothing is fetched from
     * anywhere.
     */
    faultsOf: (served: Served) => faultsOf(browser, served),
    /** The value of an expression (of the browser's own language) on a document, in a time zone. */
    async evaluate(served: Served, expression: string, timezoneId: string): Promise<unknown> {
      const context = await browser.newContext({ timezoneId });
      try {
        return await (await open(context, served)).evaluate(expression);
      } finally {
        await context.close();
      }
    },
    stop: () => browser.close(),
  };
}

async function open(context: BrowserContext, { html, headers = {} }: Served): Promise<Page> {
  await context.route('**/*', route =>
    route.fulfill({ headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body: html }),
  );
  const page = await context.newPage();
  await page.goto('https://papers.example.org/');
  return page;
}

async function faultsOf(browser: Browser, served: Served): Promise<string[]> {
  const context = await browser.newContext();
  try {
    const page = await open(context, served);
    // Texts, since these words are the browser's and not Node's; a policy that forbids scripts does not hold for them.
    await page.evaluate(axe.source);
    const faults: string[] = [];
    for (const { width, colorScheme } of looks) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      const run = `axe.run(document, { resultTypes: ['violations'], rules: ${JSON.stringify(furtherRules)} })`;
      const { violations } = (await page.evaluate(run)) as { violations: Violation[] };
      const contentWidth = Number(await page.evaluate('document.documentElement.scrollWidth'));
      const found = violations.flatMap(describeViolation);
      if (contentWidth > width) found.push(`scrolls sideways: it is ${contentWidth} px wide`);
      faults.push(...found.map(fault => `${width} px, ${colorScheme}: ${fault}`));
    }
    return faults;
  } finally {
    await context.close();
  }
}

function describeViolation({ id, help, nodes }: Violation): string[] {
  return nodes.map(({ html, failureSummary = '' }) => `${id}: ${help}: ${html} ${failureSummary.replace(/\s+/g, ' ')}`);
}
