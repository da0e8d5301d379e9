import type { Hono } from 'hono';
import { verifyChains, verifySubscribers } from '../../../shared/consents/verify.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { identify } from '../../../shared/imports/row.ts';
import { importRows, undoImport } from '../../../shared/imports/run.ts';
import { erasePersonalData } from '../../../shared/personal-data/personal-data.ts';
import type { Tombstone } from '../../../shared/subscribers/items.ts';
import type { KeyRing } from '../../../shared/subscribers/keys.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { itemCursor, refuseCursor } from '../scan.ts';
import type { AdminServices } from '../services.ts';
import * as contract from './contract.ts';

export function mountSubscribers(app: Hono, services: AdminServices): void {
  const { subscriberServices } = services;

  mount(app, contract.listSubscribers, async ({ query }) => {
    const { ids, more } = await subscriberServices.subscribers.listIds(query.cursor, query.limit);
    const { subscribers, tombstones } = await subscriberServices.subscribers.getMany(ids);
    const shown = ids.flatMap(id => {
      const subscriber = subscribers.get(id);
      if (subscriber) return present(subscriber);
      const tombstone = tombstones.get(id);
      return tombstone ? presentErased(tombstone) : [];
    });
    return {
      answer: {
        subscribers: shown.filter(({ status }) => query.status === undefined || status === query.status),
        ...(more && { nextCursor: ids.at(-1) }),
      },
    };
  });

  mount(app, contract.importSubscribers, async ({ body }) => {
    const { statement: said, ...rest } = body;
    const statement = said && { ...said, confirmedBefore: Date.parse(said.confirmedBefore) };
    const chunk = { ...rest, statement, startedAt: Date.parse(body.startedAt) };
    return { answer: { rows: await importRows(subscriberServices, chunk, services.now()) } };
  });

  mount(app, contract.undoImport, async ({ body }) => {
    const kept = await undoImport(subscriberServices, body.importId, body.ids);
    return { answer: { removed: body.ids.length - kept.length, kept } };
  });

  mount(app, contract.eraseSubscriber, async ({ body }) => {
    const id = body.id ?? idOf(subscriberServices.keys, body.email ?? '');
    await erasePersonalData(subscriberServices, id, services.now());
    services.logger.info('A subscriber was erased', { subscriberId: id });
    return { answer: { status: 'erased' as const, id } };
  });

  mount(app, contract.verifyConsents, async ({ query }) => {
    const { part, cursor: after, limit } = query;
    const { next, ...answer } = await verifyChains(subscriberServices, { part, after, limit }, services.now()).catch(
      refuseCursor,
    );
    return { answer: { ...answer, ...(next && { nextCursor: itemCursor.write(next) }) } };
  });

  mount(app, contract.verifySubscribers, async ({ query }) => {
    const { next, ...answer } = await verifySubscribers(
      subscriberServices,
      { after: query.cursor, limit: query.limit },
      services.now(),
    );
    return { answer: { ...answer, ...(next && { nextCursor: next }) } };
  });
}

/** @throws Problem when the text is no address */
function idOf(keys: KeyRing, email: string): string {
  const found = identify(keys, email);
  if (!found.ok) throw new Problem('invalid-input', found.reason, [{ path: 'email', message: found.reason }]);
  return found.id;
}

const timeOf = (at: number) => new Date(at).toISOString();

function present({
  id,
  address,
  status,
  statusReason,
  preferences,
  createdAt,
  confirmedAt,
  unsubscribedAt,
}: Subscriber) {
  return {
    id,
    email: address,
    status,
    ...(statusReason && { statusReason }),
    createdAt: timeOf(createdAt),
    ...(confirmedAt !== undefined && { confirmedAt: timeOf(confirmedAt) }),
    ...(unsubscribedAt !== undefined && { unsubscribedAt: timeOf(unsubscribedAt) }),
    preferences,
  };
}

function presentErased({ id }: Tombstone) {
  return { id, status: 'erased' as const };
}
