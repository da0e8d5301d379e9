import type { Hono } from 'hono';
import { type Digest, digestSchema, isOpen, type ListedDigest, planningOf } from '../../../shared/digests/digest.ts';
import { dailyIdOf, weeklyIdOf } from '../../../shared/digests/period.ts';
import { publishDigest } from '../../../shared/digests/publish.ts';
import type { DomainEvent } from '../../../shared/events/events.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import type { AdminServices } from '../services.ts';
import * as contract from './contract.ts';

type Status = Digest['status'];

export function mountDigests(app: Hono, services: AdminServices): void {
  mount(app, contract.publishDigest, async ({ body }) => {
    const id = body.week === undefined ? dailyIdOf(body.date ?? '') : weeklyIdOf(body.week);
    const result = await publishDigest(services, id, services.now());
    if (result.outcome === 'no papers') {
      const period = body.week ?? body.date;
      throw new Problem('not-found', `There are no papers of ${period}: ingest some first. ${result.reason}`);
    }
    return { answer: summarise(result.digest), status: result.outcome === 'published' ? 201 : 200 };
  });

  mount(app, contract.listDigests, async ({ query: { kind, limit } }) => {
    const kinds = kind ? [kind] : digestSchema.shape.kind.options;
    const ofEach = await Promise.all(kinds.map(each => services.digests.latest(each, limit)));
    const newestFirst = ofEach.flat().sort((a, b) => b.publishedAt - a.publishedAt);
    return { answer: { digests: newestFirst.slice(0, limit).map(summariseListed) } };
  });

  mount(app, contract.showDigest, async ({ params }) => {
    const digest = await findDigest(services, params.id);
    const [counts, openBatchIds] = await Promise.all([
      services.progress.read(digest.id),
      services.deliveries.openBatchIds(digest.id),
    ]);
    return {
      answer: {
        ...summarise(digest),
        counts,
        openBatches: openBatchIds.length,
        ...planningOf(digest, services.now()),
        ...(digest.plannedAt && { plannedAt: new Date(digest.plannedAt).toISOString() }),
        ...(digest.leftOut?.length && { leftOut: digest.leftOut }),
        ...(digest.finishedAt && { finishedAt: new Date(digest.finishedAt).toISOString() }),
      },
    };
  });

  mount(app, contract.showFeedback, async ({ params }) => {
    const { id } = await findDigest(services, params.id);
    const { totals, domains } = await services.feedback.read(id);
    const byName = [...domains].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const byDomain = byName.map(([domain, counts]) => ({ domain, ...counts }));
    return { answer: { id, total: totals, domains: byDomain.toSorted((a, b) => b.sent - a.sent) } };
  });

  mount(app, contract.sendDigest, async ({ params }) => {
    const digest = await findSendable(services, params.id);
    return request(services, digest.id, requestedAt => ({
      type: 'digest.send-requested',
      detail: { digestId: digest.id, requestedAt },
    }));
  });

  mount(app, contract.retryDeliveries, async ({ params, body }) => {
    const digest = await findSendable(services, params.id);
    const { state, subscriberId } = body;
    return request(services, digest.id, requestedAt => ({
      type: 'digest.retry-requested',
      detail: { digestId: digest.id, requestedAt, state, ...(subscriberId && { subscriberId }) },
    }));
  });

  mount(app, contract.pauseDigest, ({ params }) => steer(services, params.id, ['ready'], 'paused'));
  mount(app, contract.resumeDigest, ({ params }) =>
    steer(services, params.id, ['paused', 'halted'], 'ready', {
      type: 'digest.resumed',
      detail: { digestId: params.id },
    }),
  );
  mount(app, contract.cancelDigest, ({ params }) =>
    steer(services, params.id, ['ready', 'paused', 'halted'], 'cancelled', {
      type: 'digest.cancelled',
      detail: { digestId: params.id },
    }),
  );
}

/** Moves a digest to a status, if its status is one of `from`. A repeated call has the same outcome. */
async function steer(services: AdminServices, id: string, from: Status[], to: Status, event?: DomainEvent) {
  const digest = await findDigest(services, id);
  if (digest.status !== to) {
    const moved = from.includes(digest.status) && (await services.digests.changeStatus(id, digest.status, to));
    if (!moved) throw new Problem('digest-closed', `The digest is ${digest.status} and can't become ${to}.`);
  }
  if (event) await services.publishEvents([event]);
  return { answer: summarise(await findDigest(services, id)) };
}

/**
 * Asks the planner for something. The request is stored before the answer, so that an operator can wait for its end.
 */
async function request(services: AdminServices, id: string, eventOf: (requestedAt: string) => DomainEvent) {
  const requestedAt = new Date(services.now()).toISOString();
  await services.digests.openRequest(id, requestedAt);
  try {
    await services.publishEvents([eventOf(requestedAt)]);
  } catch (error) {
    await services.digests.closeRequest(id, requestedAt);
    throw error;
  }
  return { answer: { id, requestedAt } };
}

async function findDigest(services: AdminServices, id: string): Promise<Digest> {
  const digest = await services.digests.get(id);
  if (!digest) throw new Problem('not-found', 'There is no digest with this id.');
  return digest;
}

async function findSendable(services: AdminServices, id: string): Promise<Digest> {
  const digest = await findDigest(services, id);
  if (!isOpen(digest))
    throw new Problem('digest-closed', `The digest is ${digest.status}: nothing more is sent of it.`);
  if (digest.status !== 'ready') {
    const because = digest.statusReason ? ` (${digest.statusReason})` : '';
    throw new Problem('digest-closed', `The digest is ${digest.status}${because}: resume it first.`);
  }
  if (services.now() >= digest.freshUntil) throw new Problem('digest-closed', 'The digest is too old to be sent.');
  return digest;
}

function summarise(digest: Digest) {
  return summariseListed({ ...digest, paperCount: digest.papers.length });
}

function summariseListed({ id, status, subject, paperCount, statusReason }: ListedDigest) {
  return { id, status, subject, papers: paperCount, ...(statusReason && { statusReason }) };
}
