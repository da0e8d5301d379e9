import { appendFileSync } from 'node:fs';

/*
 * Loaded before every process of a recording (`--import`): the marks that `reached.ts` puts into a copy of the code call
 * this, and it notes which file of tests reached them.
 */

const noted = new Set();

globalThis.reachMutant = number => {
  const file = globalThis.__vitest_worker__?.filepath ?? process.env.TEST_FILE ?? '';
  const line = `${number}\t${file}\n`;
  if (noted.has(line)) return;
  noted.add(line);
  appendFileSync(process.env.REACHED ?? '', line);
};
