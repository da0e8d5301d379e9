import { newYorkDay } from '../shared/papers/day.ts';
import { daySchema } from '../shared/papers/paper.ts';
import { defaultUrl, readUrl } from './admin/client.ts';
import { CommandError, print, readOptions, run } from './cli.ts';
import { publishDigest, sendDigest } from './digest-client.ts';
import { startProgress } from './progress.ts';

/** `npm run digest`: publishes the digest of a day on a running system and sends it to every active subscriber. */

const usage = 'npm run digest -- [--date YYYY-MM-DD] [--url http://127.0.0.1:3000]';

await run(async () => {
  const options = readOptions({ date: { type: 'string' }, url: { type: 'string', default: defaultUrl } }, usage);
  const date = options.date ?? newYorkDay(Date.now());
  if (!daySchema.safeParse(date).success) {
    throw new CommandError(`--date must be a day such as 2026-11-23, not "${date}".\nUsage: ${usage}`);
  }
  const url = readUrl(options.url);

  const digest = await publishDigest(url, date);
  print(`${digest.id}: ${digest.papers} papers, "${digest.subject}"`);
  const bar = startProgress('Sending');
  const counts = await sendDigest(url, digest.id, bar.update).finally(bar.end);
  const { planned, sent, failed, suppressed, unknown } = counts;
  print(`${planned} planned: ${sent} sent, ${failed} failed, ${suppressed} suppressed, ${unknown} unknown.`);
  if (planned === 0) print(`There are no active subscribers yet. Subscribe on ${url}/ and confirm in the inbox.`);
  else print('The mails are in the inbox, at the address that npm start has printed.');
});
