import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import * as contract from '../functions/admin-api/digests/contract.ts';
import * as papersContract from '../functions/admin-api/papers/contract.ts';
import { countsSchema } from '../shared/deliveries/delivery.ts';
import type { Address } from './address.ts';
import { createClient } from './client.ts';
import { CommandError } from './command-line.ts';
import { endedOf } from './pace.ts';

const endSchema = countsSchema.omit({ resent: true });

export type DigestAnswer = z.output<typeof contract.publishDigest.answer.schema>;
/** The numbers of deliveries by their end. */
export type Counts = z.infer<typeof endSchema>;

/** Seconds without a change after which `sendDigest` stops waiting. */
const patienceSeconds = 120;
const pollMilliseconds = 250;

/** Ingests papers, as an operator does. @throws CommandError */
export async function ingestText(
  address: Address,
  body: z.input<NonNullable<typeof papersContract.ingest.body>>,
): Promise<void> {
  await createClient(address).call(papersContract.ingest, { body });
}

/** Freezes the digest of a day or a week, or gives the frozen one. @throws CommandError */
export async function publishDigest(
  address: Address,
  period: { date: string } | { week: string },
): Promise<DigestAnswer> {
  return createClient(address).call(contract.publishDigest, { body: period });
}

/**
 * Asks for a digest to be sent to every active subscriber who does not have it yet, and waits until it is sent.
 * @param onProgress gets the number of ended deliveries, and of all
 * @throws CommandError
 */
export async function sendDigest(
  address: Address,
  id: string,
  onProgress: (ended: number, planned: number) => void,
): Promise<Counts> {
  const client = createClient(address);
  await client.call(contract.sendDigest, { params: { id } });
  let seen = '';
  for (let changedAt = Date.now(); ; await sleep(pollMilliseconds)) {
    const state = await client.call(contract.showDigest, { params: { id } });
    const { counts, openBatches, planning } = state;
    onProgress(endedOf(counts), counts.planned);
    if (!planning && openBatches === 0 && endedOf(counts) >= counts.planned) return endSchema.parse(counts);
    if (seen !== JSON.stringify(state)) changedAt = Date.now();
    seen = JSON.stringify(state);
    if (Date.now() - changedAt > patienceSeconds * 1000) {
      throw new CommandError(
        `Nothing has moved for ${patienceSeconds} seconds: ${endedOf(counts)} of ${counts.planned} deliveries have ended. ` +
          'The rest is tried again by itself; the same command shows how it goes.',
      );
    }
  }
}
