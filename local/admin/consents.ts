import * as z from 'zod';
import * as contract from '../../functions/admin-api/subscribers-contract.ts';
import { CommandError } from '../cli.ts';
import { type Command, defineCommand } from './command.ts';

const verify = defineCommand({
  name: 'consents verify',
  summary: 'find any change of the consent records',
  input: z.object({}),
  async run({ client, terminal, json, show }) {
    const totals = { subscribers: 0, records: 0, faults: 0 };
    let cursor: string | undefined;
    do {
      const page = await client.call(contract.verifyConsents, { query: cursor ? { cursor } : {} });
      totals.subscribers += page.subscribers;
      totals.records += page.records;
      totals.faults += page.faults.length;
      for (const { subscriberId, fault } of page.faults) {
        terminal.out.write(`${json ? JSON.stringify({ subscriberId, fault }) : `${subscriberId}: ${fault}`}\n`);
      }
      cursor = page.nextCursor;
    } while (cursor);
    const { subscribers, records, faults } = totals;
    show(
      totals,
      `${records} consent records of ${subscribers} subscribers were verified, ${faults} faults were found.`,
    );
    if (faults > 0)
      throw new CommandError(
        'The consent records are not as they were written: docs/personal-data.md says what to do.',
      );
  },
});

/** Every command about consent records. */
export const consentCommands: readonly Command[] = [verify];
