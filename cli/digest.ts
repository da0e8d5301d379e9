import { daySchema, newYorkDay } from '../shared/time/day.ts';
import { weekSchema } from '../shared/time/period.ts';
import { findAddress } from './address.ts';
import { CommandError, print, readOptions, run } from './command-line.ts';
import { publishDigest, sendDigest } from './digest-client.ts';
import { startProgress } from './progress.ts';

/** `npm run digest`: publishes the digest of a day or a week on a running system and sends it to whom it is for. */

const usage = 'npm run digest -- [--date YYYY-MM-DD | --week YYYY-Www] [--url http://127.0.0.1:3000]';

await run(async () => {
  const options = readOptions({ date: { type: 'string' }, week: { type: 'string' }, url: { type: 'string' } }, usage);
  const date = options.date ?? newYorkDay(Date.now());
  if (!daySchema.safeParse(date).success) {
    throw new CommandError(`--date must be a day such as 2026-11-23, not "${date}".\nUsage: ${usage}`);
  }
  if (options.week !== undefined && (options.date !== undefined || !weekSchema.safeParse(options.week).success)) {
    throw new CommandError(`--week must be a week such as 2026-W48, without --date.\nUsage: ${usage}`);
  }
  const address = await findAddress(options.url);

  const digest = await publishDigest(address, options.week === undefined ? { date } : { week: options.week });
  print(`${digest.id}: ${digest.papers} papers, "${digest.subject}"`);
  const bar = startProgress('Sending');
  const counts = await sendDigest(address, digest.id, bar.update).finally(bar.end);
  const { planned, sent, failed, suppressed, unknown } = counts;
  print(`${planned} planned: ${sent} sent, ${failed} failed, ${suppressed} suppressed, ${unknown} unknown.`);
  if (planned === 0) {
    print(`Nobody is left who lacks it. Subscribe on ${address.url}/, confirm in the inbox, and do this again.`);
  } else print('The mails are in the inbox, at the address that npm start has printed.');
});
