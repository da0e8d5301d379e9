import { randomUUID } from 'node:crypto';
import type { Pauses } from '../../shared/deliveries/pauses.ts';
import type { PlannerServices } from '../../shared/deliveries/plan-due-digests.ts';
import type { SendServices } from '../../shared/deliveries/send-services.ts';
import type { WelcomeOutbox } from '../../shared/deliveries/welcome-outbox.ts';
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
      // Each planned subscriber gets the mail, also one that has left since.
      return { ...services, subscribers: { getReaders: async ids => stillActive(services, ids) } };
    default:
      return services;
  }
}

type PlannerAndList = PlannerServices & { welcomes: WelcomeOutbox; pauses: Pauses };

/** The planner without one of its safeguards. */
export function sabotagedPlanner(services: PlannerAndList, sabotage: Sabotage | undefined): PlannerAndList {
  switch (sabotage) {
    case 'once':
      return withoutOnce(services);
    case 'newcomers':
      // Nobody counts as new: the planner does not leave the digest to their welcome.
      return {
        ...services,
        subscribers: { ...services.subscribers, listSlot: slot => withoutJoining(services, slot) },
      };
    case 'missed':
      // The timer finds nobody whose event was lost.
      return { ...services, welcomes: { ...services.welcomes, all: async () => [] } };
    default:
      return services;
  }
}

async function* withoutJoining({ subscribers }: PlannerAndList, slot: string) {
  for await (const reader of subscribers.listSlot(slot)) yield { ...reader, joinedAt: undefined };
}

/** A welcome doesn't know of the one before: nobody comes off the list, and each batch has an id of its own. */
function withoutOnce(services: PlannerAndList): PlannerAndList {
  const { deliveries, welcomes, enqueueBatches } = services;
  const ids = new Map<string, string>();
  return {
    ...services,
    welcomes: { ...welcomes, remove: async () => undefined },
    deliveries: {
      ...deliveries,
      async createBatch(batch) {
        if (!batch.digestId.startsWith('welcome-')) return deliveries.createBatch(batch);
        ids.set(batch.id, randomUUID());
        return deliveries.createBatch({ ...batch, id: ids.get(batch.id) ?? '' });
      },
    },
    enqueueBatches: messages =>
      enqueueBatches(messages.map(message => ({ ...message, batchId: ids.get(message.batchId) ?? message.batchId }))),
  };
}

async function stillActive(services: SendServices, ids: string[]) {
  const readers = await services.subscribers.getReaders(ids);
  return new Map([...readers].map(([id, reader]) => [id, reader && { ...reader, status: 'active' as const }]));
}

type Deliveries = SendServices['deliveries'];

/** A worker takes a batch that another one holds, and does not notice that it has lost its own. */
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
