import * as z from 'zod';
import { daySchema, newYorkDay } from '../shared/time/day.ts';
import { weekSchema } from '../shared/time/period.ts';
import { findAddress, urlHelp } from './address.ts';
import { print, run, UsageError } from './command-line.ts';
import { publishDigest, sendDigest } from './digest-client.ts';
import { readArguments } from './program.ts';
import { startProgress } from './progress.ts';

/** `npm run digest`: publishes the digest of a day or a week on a running system, and sends it to its readers. */

const isDay = (text: string) => daySchema.safeParse(text).success;
const isWeek = (text: string) => weekSchema.safeParse(text).success;

await run(async () => {
  const { date, week, url } = readArguments('npm run digest --', 'publish the digest of a day or a week and send it', {
    input: z.object({
      date: z
        .string()
        .refine(isDay, 'must be a day such as 2026-11-23')
        .optional()
        .describe('the day; without it, today'),
      week: z
        .string()
        .refine(isWeek, 'must be a week such as 2026-W48')
        .optional()
        .describe('the week, instead of a day'),
      url: z.string().optional().describe(urlHelp),
    }),
    options: { date: 'YYYY-MM-DD', week: 'YYYY-Www', url: 'URL' },
  });
  if (date !== undefined && week !== undefined) throw new UsageError('Give --week without --date.');
  const address = await findAddress(url);

  const digest = await publishDigest(address, week === undefined ? { date: date ?? newYorkDay(Date.now()) } : { week });
  print(`${digest.id}: ${digest.papers} papers, "${digest.subject}"`);
  const bar = startProgress('Sending');
  const counts = await sendDigest(address, digest.id, bar.update).finally(bar.end);
  const { planned, sent, failed, suppressed, unknown } = counts;
  print(`${planned} planned: ${sent} sent, ${failed} failed, ${suppressed} suppressed, ${unknown} unknown.`);
  if (planned === 0) {
    print(`Nobody is left who lacks it. Subscribe on ${address.url}/, confirm in the inbox, and do this again.`);
  } else print('The mails are in the inbox, at the address that npm start has printed.');
});
