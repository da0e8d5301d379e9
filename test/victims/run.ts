import * as z from 'zod';
import { CommandError, print, run } from '../../cli/command-line.ts';
import { readArguments, wholeSchema } from '../../cli/program.ts';
import { attack } from './attack.ts';
import { networksOf, tricks } from './tricks.ts';

/* How many mails a stranger can have sent to one victim in a day, by kind of trick: npm run victims -- [--requests 720] */

await run(async () => {
  const { requests } = readArguments('npm run victims --', 'how many mails a stranger can have sent to one victim', {
    input: z.object({ requests: wholeSchema(1, 100_000).default(720).describe('requests of each trick') }),
    options: { requests: 'N' },
  });
  const row = (...cells: (string | number)[]) => print(`| ${cells.join(' | ')} |`);
  row('trick', 'from networks', 'asked', 'taken', 'mails in a day', 'at most');
  row('---', '---', '---', '---', '---', '---');
  const over: string[] = [];
  for (const trick of tricks) {
    const { asked, taken, mails } = await attack(trick, requests);
    row(trick.name, networksOf(trick), asked, taken, mails, trick.most);
    if (mails > trick.most) over.push(trick.name);
  }
  if (over.length > 0) throw new CommandError(`More mails than there may be: ${over.join(', ')}.`);
});
