import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The path of this machine's chromium. @throws Error that says what is missing */
function chromiumPath(): string {
  const candidates = process.env.CHROMIUM ? [process.env.CHROMIUM] : ['/usr/bin/chromium', '/usr/bin/google-chrome'];
  const found = candidates.find(path => existsSync(path));
  if (found) return found;
  throw new Error(
    `No browser at ${candidates.join(' or ')}. Install chromium (Debian: apt-get install chromium), or set CHROMIUM to the path of yours.`,
  );
}

/** Starts a browser without a window and without requests of its own. @throws Error when the machine has none */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
