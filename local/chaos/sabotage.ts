import type { SendServices } from '../../shared/deliveries/send.ts';
import type { Sabotage } from './task.ts';

/** The sender without one of its safeguards: each of these must make the checks fail. */
export function sabotaged(services: SendServices, sabotage: Sabotage | undefined): SendServices {
  switch (sabotage) {
    case 'lease':
      return { ...services, deliveries: withoutLease(services.deliveries) };
    case 'intent':
      return { ...services, deliveries: withoutIntent(services.deliveries) };
    case 'tags':
      // Events are not matched to the deliveries that they are about.
      return { ...services, proofs: async () => new Set() };
    case 'status':
      // Whoever was planned is written to, whatever became of them since.
      return { ...services, subscribers: { getReaders: async ids => stillActive(services, ids) } };
    case undefined:
      return services;
  }
}

async function stillActive(services: SendServices, ids: string[]) {
  const readers = await services.subscribers.getReaders(ids);
  return new Map([...readers].map(([id, reader]) => [id, { ...reader, status: 'active' as const }]));
}

type Deliveries = SendServices['deliveries'];

/** A batch is worked on whoever holds it, and losing it goes unnoticed. */
function withoutLease(deliveries: Deliveries): Deliveries {
  const stolen = new Set<string>();
  return {
    ...deliveries,
    async claimBatch(claim, now) {
      const claimed = await deliveries.claimBatch(claim, now);
      if (claimed) return claimed;
      const [batch] = await deliveries.getBatches(claim.digestId, [claim.batchId]);
      stolen.add(claim.token);
      const key = { pk: '', sk: '' };
      return batch && { batch, lease: { tableName: '', key, token: claim.token, until: claim.until, count: 0 } };
    },
    async saveDeliveries(lease, states) {
      if (!stolen.has(lease.token)) await deliveries.saveDeliveries(lease, states);
      return true;
    },
    async releaseBatch(lease, how) {
      return stolen.has(lease.token) || deliveries.releaseBatch(lease, how);
    },
  };
}

/** Nothing is stored before the calls. */
function withoutIntent(deliveries: Deliveries): Deliveries {
  return {
    ...deliveries,
    async saveDeliveries(lease, states) {
      if (Object.values(states).some(delivery => delivery.state === 'sending')) return true;
      return deliveries.saveDeliveries(lease, states);
    },
  };
}
