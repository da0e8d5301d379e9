import * as z from 'zod';
import { renewPapers } from '../functions/admin-api/papers/contract.ts';
import { scanParts } from '../shared/platform/scan.ts';
import type { AdminClient } from './client.ts';
import { CommandError } from './command-line.ts';
import { defineCommand } from './define-command.ts';
import { startProgress } from './progress.ts';

const damagedShown = 20;

type Page = z.output<typeof renewPapers.answer.schema>;

export const renewCommand = defineCommand({
  name: 'renew',
  summary: 'work out texts and leads by older rules anew',
  input: z.object({}),
  async run({ client, json, show }) {
    const totals = { papers: 0, renewed: 0, damaged: [] as Page['damaged'] };
    const bar = startProgress('parts of the papers', !json);
    try {
      for (let part = 0; part < scanParts; part += 1) {
        bar.update(part, scanParts);
        for await (const { papers, renewed, damaged } of pagesOf(client, part)) {
          totals.papers += papers;
          totals.renewed += renewed;
          totals.damaged.push(...damaged);
        }
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      const next = `${totals.renewed} papers have new texts. The same command does the others.`;
      throw new CommandError(`${error.message}\n${next}`);
    } finally {
      bar.end();
    }
    const { papers, renewed, damaged } = totals;
    const more = damaged.length - damagedShown;
    show(
      totals,
      `${papers} papers, ${renewed} with new texts, ${damaged.length} that can't be read`,
      ...damaged.slice(0, damagedShown).map(({ id, reason }) => `  ${id}: ${reason}`),
      more > 0 ? `  and ${more} more; --json shows them all` : '',
    );
  },
});

async function* pagesOf(client: AdminClient, part: number): AsyncGenerator<Page> {
  let cursor: string | undefined;
  do {
    const page = await client.call(renewPapers, { query: { part: String(part), ...(cursor && { cursor }) } });
    yield page;
    cursor = page.nextCursor;
  } while (cursor);
}
