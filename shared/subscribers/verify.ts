import type { ConsentRepository } from './consents.ts';
import type { SubscriberRepository } from './repository.ts';

/** What was found out about a page of subscribers. */
export interface Verification {
  subscribers: number;
  records: number;
  faults: { subscriberId: string; fault: string }[];
  /** Missing: this was the last page. */
  nextCursor?: string;
}

/** Chains that are read side by side. */
const sideBySide = 20;

/**
 * Verifies the consent records of a page of subscribers: that each chain is as it was written, and that nobody is active
 * without a recorded confirmation (invariant 3).
 * @param after the cursor of the page before
 * @param now epoch ms
 */
export async function verifyChains(
  services: {
    subscribers: Pick<SubscriberRepository, 'listIds' | 'getMany'>;
    consents: Pick<ConsentRepository, 'verify'>;
  },
  after: string | undefined,
  limit: number,
  now: number,
): Promise<Verification> {
  const { ids, more } = await services.subscribers.listIds(after, limit);
  const { subscribers } = await services.subscribers.getMany(ids);
  const result: Verification = { subscribers: ids.length, records: 0, faults: [] };
  const waiting = [...ids];
  await Promise.all(
    Array.from({ length: sideBySide }, async () => {
      for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
        const { records, faults, confirmed } = await services.consents.verify(id, now);
        result.records += records;
        const unproven = subscribers.get(id)?.status === 'active' && !confirmed;
        const all = [...faults, ...(unproven ? ['Is active without a recorded confirmation.'] : [])];
        result.faults.push(...all.map(fault => ({ subscriberId: id, fault })));
      }
    }),
  );
  result.faults.sort((a, b) => (a.subscriberId < b.subscriberId ? -1 : a.subscriberId > b.subscriberId ? 1 : 0));
  const last = ids.at(-1);
  return { ...result, ...(more && last && { nextCursor: last }) };
}
