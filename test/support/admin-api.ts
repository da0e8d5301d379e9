import { createAdminApp } from '../../functions/admin-api/app.ts';
import { createMailInspector } from '../../shared/deliveries/inspect-mail.ts';
import type { TestMail } from '../../shared/deliveries/test-mail.ts';
import { createArxivSource } from '../../shared/papers/sources/arxiv-source.ts';
import { createHuggingFaceSource } from '../../shared/papers/sources/hugging-face.ts';
import { SourceError } from '../../shared/papers/sources/source.ts';
import { identity, silentLogger, startDeliveries } from './deliveries.ts';

/** The admin API over the planner's and sender's fresh emulators, called without a port. */
export async function startAdminApi() {
  const world = await startDeliveries();
  /** The answers of sources, by address; the rest of the world is down. */
  const outside = {
    answers: new Map<string, string>(),
    async fetchText(url: string) {
      for (const [part, answer] of outside.answers) if (url.includes(part)) return answer;
      throw new SourceError(`${url} answered with status 503.`);
    },
  };
  const testMails: TestMail[] = [];
  const from = { ...identity };
  let isBusBroken = false;
  const app = createAdminApp({
    sources: [createHuggingFaceSource({ baseUrl: 'http://hugging-face.example', fetchText: outside.fetchText })],
    arxiv: createArxivSource({
      apiUrl: 'http://arxiv.example',
      feedUrl: 'http://arxiv.example',
      categories: [],
      fetchText: outside.fetchText,
      inTurn: request => request(),
      now: () => world.clock.now,
    }),
    ...world.stores,
    feedback: world.stores.feedbackCounter,
    subscriberServices: { ...world.stores, keys: world.keys },
    publishEvents: async events => {
      if (isBusBroken) throw new Error('The bus is down.');
      world.events.push(...events);
    },
    publicUrl: 'https://papers.example.org',
    enqueueTestMail: async message => {
      testMails.push(message);
    },
    takeFromLimit: world.stores.limiter,
    inspectMail: (digest, now) => createMailInspector(from, silentLogger)(digest, now),
    logger: silentLogger,
    now: () => world.clock.now,
  });
  async function call(method: string, path: string, body?: unknown) {
    const answer = await app.request(`/v1/admin${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  return {
    ...world,
    app,
    feedback: world.stores.feedbackCounter,
    outside,
    /** Whom mails are from, which a test may change. */
    from,
    testMails,
    breakBus(broken: boolean): void {
      isBusBroken = broken;
    },
    patch: (path: string, body: unknown) => call('PATCH', path, body),
    remove: (path: string) => call('DELETE', path),
    get: (path: string) => call('GET', path),
    post: (path: string, body?: unknown) => call('POST', path, body),
  };
}
