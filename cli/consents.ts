import * as z from 'zod';
import * as contract from '../functions/admin-api/subscribers/contract.ts';
import { eachSideBySide } from '../shared/platform/concurrency.ts';
import { scanParts } from '../shared/platform/scan.ts';
import type { AdminClient } from './client.ts';
import { CommandError } from './command-line.ts';
import { type AdminCommand, type Context, defineCommand } from './define-command.ts';
import { startProgress } from './progress.ts';

/** Parts that are verified side by side. More would wait for each other at the database. */
const partsAtOnce = 4;
/** Faults printed after a progress bar has ended. Without a bar, all are printed. */
const mostTold = 1_000;

const verify = defineCommand({
  name: 'verify',
  summary: 'find any change of the consent records, and subscribers without one',
  input: z.object({}),
  async run(context) {
    const { client, terminal, json, show } = context;
    const withBar = terminal.out.isTTY === true && !json;
    const told = createTeller(context, withBar);
    const bar = startProgress('verifying', withBar);
    const totals = { subscribers: 0, chains: 0, records: 0, older: 0, faults: 0 };
    const add = (page: {
      faults: Fault[];
      subscribers?: number;
      chains?: number;
      records?: number;
      older?: number | undefined;
    }) => {
      totals.subscribers += page.subscribers ?? 0;
      totals.chains += page.chains ?? 0;
      totals.records += page.records ?? 0;
      totals.older += page.older ?? 0;
      totals.faults += page.faults.length;
      page.faults.forEach(told.fault);
    };
    try {
      for await (const page of subscriberPages(client)) add(page);
      await eachSideBySide(Array(scanParts).keys(), partsAtOnce, async part => {
        for await (const page of chainPages(client, part)) {
          add(page);
          // About every subscriber has one chain.
          bar.update(totals.chains, Math.max(totals.chains, totals.subscribers));
        }
      });
    } finally {
      bar.end();
    }
    told.end();
    const { subscribers, chains, records, older, faults } = totals;
    const unsealed = older > 0 ? ` ${older} chains are older than keyed digests: nothing proves who wrote them.` : '';
    show(
      totals,
      `${records} consent records in ${chains} chains, of ${subscribers} subscribers, were verified, ${faults} faults were found.${unsealed}`,
    );
    if (faults > 0)
      throw new CommandError(
        'The consent records are not as they were written: docs/personal-data.md says what to do.',
      );
  },
});

type Fault = z.output<typeof contract.verifyConsents.answer.schema>['faults'][number];

async function* subscriberPages(client: AdminClient) {
  let cursor: string | undefined;
  do {
    const page = await client.call(contract.verifySubscribers, { query: { ...(cursor && { cursor }) } });
    yield page;
    cursor = page.nextCursor;
  } while (cursor);
}

async function* chainPages(client: AdminClient, part: number) {
  let cursor: string | undefined;
  do {
    const query = { part: String(part), ...(cursor && { cursor }) };
    const page = await client.call(contract.verifyConsents, { query });
    yield page;
    cursor = page.nextCursor;
  } while (cursor);
}

/** Prints faults as they are found, or after the bar. */
function createTeller({ terminal, json }: Context, withBar: boolean) {
  const held: string[] = [];
  let more = 0;
  return {
    fault({ subscriberId, fault }: Fault): void {
      const line = `${json ? JSON.stringify({ subscriberId, fault }) : `${subscriberId}: ${fault}`}\n`;
      if (!withBar) terminal.out.write(line);
      else if (held.length < mostTold) held.push(line);
      else more += 1;
    },
    end(): void {
      for (const line of held) terminal.out.write(line);
      if (more > 0) terminal.out.write(`… and ${more} more: --json tells all of them.\n`);
    },
  };
}

/** Every command about consent records. */
export const consentCommands: readonly AdminCommand[] = [verify];
