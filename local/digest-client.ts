import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { CommandError } from './cli.ts';

const digestSchema = z.object({ id: z.string(), papers: z.int(), subject: z.string(), status: z.string() });
const sendSchema = z.object({ id: z.string(), requestedAt: z.iso.datetime() });
const countsSchema = z.object({
  planned: z.int(),
  sent: z.int(),
  failed: z.int(),
  suppressed: z.int(),
  unknown: z.int(),
});
const stateSchema = z.object({ counts: countsSchema, openBatches: z.int(), plannedAt: z.iso.datetime().optional() });

export type DigestAnswer = z.infer<typeof digestSchema>;
export type Counts = z.infer<typeof countsSchema>;

/** Seconds without any change after which waiting is given up. */
const patienceSeconds = 120;
const pollMilliseconds = 250;

/** Hands papers in, as an operator does. @throws CommandError */
export async function ingestText(url: string, body: { source: string; day: string; text: string }): Promise<void> {
  await call(url, '/v1/admin/ingestions', body);
}

/** Freezes the digest of a day, or gives the one that is frozen already. @throws CommandError */
export async function publishDigest(url: string, date: string): Promise<DigestAnswer> {
  return digestSchema.parse(await call(url, '/v1/admin/digests', { date }));
}

/**
 * Asks for a digest to be sent to every active subscriber who does not have it yet, and waits until it is.
 * @param onProgress told how many deliveries have ended, of how many
 * @throws CommandError
 */
export async function sendDigest(
  url: string,
  id: string,
  onProgress: (ended: number, planned: number) => void,
): Promise<Counts> {
  const { requestedAt } = sendSchema.parse(await call(url, `/v1/admin/digests/${id}/send`, {}));
  let seen = '';
  for (let changedAt = Date.now(); ; await sleep(pollMilliseconds)) {
    const state = stateSchema.parse(await call(url, `/v1/admin/digests/${id}`));
    const { counts, openBatches, plannedAt } = state;
    onProgress(endedOf(counts), counts.planned);
    if (plannedAt && Date.parse(plannedAt) >= Date.parse(requestedAt) && openBatches === 0) return counts;
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

function endedOf({ sent, failed, suppressed, unknown }: Counts): number {
  return sent + failed + suppressed + unknown;
}

/** @param body posted as JSON; without it, the call is a GET */
async function call(url: string, path: string, body?: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${url}${path}`, {
      signal: AbortSignal.timeout(30_000),
      ...(body && {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    });
  } catch (error) {
    throw new CommandError(`Nothing answers at ${url}. Start the system with: npm start (${causeOf(error)})`);
  }
  const answer = (await response.json().catch(() => undefined)) as { detail?: string; title?: string } | undefined;
  if (response.ok && answer) return answer;
  throw new CommandError(answer?.detail ?? answer?.title ?? `${url}${path} answered ${response.status}.`);
}

function causeOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string } };
  return cause?.code ?? message;
}
