import { haltLimitsSchema } from '../../shared/feedback/halt.ts';
import { signToken, tokenLifetimes } from '../../shared/subscribers/tokens.ts';
import { startAdminApi } from '../support/admin-api.ts';
import { silentLogger } from '../support/deliveries.ts';
import { publishingOver } from '../support/digests.ts';
import { startPublicApi } from '../support/public-api.ts';
import { readerOf } from '../support/readers.ts';

/* The APIs, timers and queues of the sweep, over one database, and the readers that it holds. */

export const day = '2026-11-23';
export const paperIds = ['2611.00001', '2611.00002', '2611.00003'];
export const names = ['first', 'second', 'third', 'late', 'left', 'waiting', 'moved'];
export const addressOf = (name: string) => `${name}@example.org`;
export const hourOf = (hour: number, date = '2026-11-24') =>
  Date.parse(`${date}T${String(hour).padStart(2, '0')}:00:30Z`);

export type SweepServices = Awaited<ReturnType<typeof startSweepServices>>;

export async function startSweepServices() {
  const admin = await startAdminApi();
  const { dynamo, keys, clock, stores } = admin;
  const api = await startPublicApi({}, admin);
  const idOf = (name: string) => readerOf(keys, addressOf(name)).id;
  const publishing = publishingOver(dynamo);
  const tokenOf = (name: string) =>
    signToken(keys, { purpose: 'manage', subscriberId: idOf(name), nonce: '0' }, hourOf(3) - tokenLifetimes.manage / 2);
  const bearer = (name: string) => ({ authorization: `Bearer ${tokenOf(name)}` });
  const feedbackServices = () => ({
    ...stores,
    keys,
    counter: stores.feedbackCounter,
    recordConsent: stores.consents.append,
    publishEvents: async () => undefined,
    limits: haltLimitsSchema.parse({}),
    logger: silentLogger,
    now: () => clock.now,
  });
  const told = (name: string, digestId: string) => ({
    at: clock.now,
    to: addressOf(name),
    tags: { digest: digestId, subscriber: idOf(name) },
    messageId: `0100-${name}-${digestId}`,
  });
  const post = (path: string, body: unknown, by?: string) => api.post(path, body, by ? bearer(by) : {});
  return { admin, api, dynamo, keys, clock, stores, idOf, publishing, tokenOf, bearer, feedbackServices, told, post };
}
