import type { Context, Hono } from 'hono';
import { topicKey } from '../../../shared/digests/narrowed-topic.ts';
import { paperIdSchema } from '../../../shared/events/ids.ts';
import { Problem } from '../../../shared/http/problem.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import { mountForSubscriber } from '../bearer.ts';
import { notFoundPage } from '../pages/problems.tsx';
import type { PublicServices } from '../services.ts';
import { requireActive, tokenServices } from '../token-services.ts';
import { narrowTopic, showNarrowing, widenTopic } from './contract.ts';
import { subscriberOfLink } from './manage-link.ts';
import { notSubscribedPage } from './manage-link-view.tsx';
import { changeNarrowing, type Narrowing, narrowingOf } from './narrowing.ts';
import { narrowingPage } from './narrowing-view.tsx';
import { tokenOf } from './page-forms.ts';

/** "Not about this", as JSON: for the subscriber of a manage token. */
export function mountNarrowing(app: Hono, services: PublicServices): void {
  const byToken = tokenServices(services);

  async function paperOf(id: string): Promise<Paper> {
    const paper = await services.papers.get(id);
    if (!paper) throw new Problem('not-found', 'There is no paper with this id.');
    return paper;
  }

  function answered(id: string, found: Narrowing | undefined): { answer: Narrowing & { paperId: string } } {
    if (!found) throw new Problem('not-found', 'This is none of your topics: GET /v1/subscriptions/me lists them.');
    return { answer: { paperId: id, ...found } };
  }

  const isNamed = (topic: string) => (own: string) => own.toLowerCase() === topic.trim().toLowerCase();

  mountForSubscriber(app, byToken, showNarrowing, async ({ subscriber, params, query }) => {
    requireActive(subscriber);
    return answered(params.id, narrowingOf(subscriber.preferences, isNamed(query.topic), await paperOf(params.id)));
  });

  for (const [route, narrowed] of [[narrowTopic, true] as const, [widenTopic, false] as const]) {
    mountForSubscriber(app, byToken, route, async ({ subscriber, params, query }) => {
      requireActive(subscriber);
      const paper = await paperOf(params.id);
      return answered(
        params.id,
        await changeNarrowing(services, subscriber, isNamed(query.topic), { paper, narrowed }),
      );
    });
  }
}

/**
 * The page behind "Not about this" in a mail, whose link has the token for preferences and the keys of the topics (`topicKey`). [A
 * GET changes nothing](docs/invariants.md#4).
 */
export function mountNarrowingPages(app: Hono, services: PublicServices): void {
  async function found(
    c: Context,
  ): Promise<{ subscriber: Subscriber; paper: Paper; keys: string[] } | { answer: Response }> {
    const linked = await subscriberOfLink(services, c, ['manage', 'preferences']);
    if ('answer' in linked) return linked;
    const { subscriber } = linked;
    if (subscriber?.status !== 'active') return { answer: await c.html(notSubscribedPage()) };
    const id = paperIdSchema.safeParse(c.req.query('paper'));
    const paper = id.success ? await services.papers.get(id.data) : undefined;
    if (!paper) return { answer: await c.html(notFoundPage(), 404) };
    const keys = (c.req.query('topics') ?? '').slice(0, 100).split('.');
    return { subscriber, paper, keys: [...new Set(keys)].slice(0, mostTopics) };
  }

  const byKey = (key: string) => (topic: string) => topicKey(topic) === key;

  function page(
    c: Context,
    { subscriber, paper, keys }: { subscriber: Subscriber; paper: Paper; keys: string[] },
    done?: string,
  ) {
    const topics = keys.flatMap(key => narrowingOf(subscriber.preferences, byKey(key), paper) ?? []);
    return narrowingPage({ token: tokenOf(c), paper, topics, done });
  }

  app.get('/preferences/not', async c => {
    const standing = await found(c);
    return 'answer' in standing ? standing.answer : c.html(page(c, standing));
  });

  for (const [suffix, narrowed] of [['', true] as const, ['/take-back', false] as const]) {
    app.post(`/preferences/not${suffix}`, async c => {
      const standing = await found(c);
      if ('answer' in standing) return standing.answer;
      const { subscriber, paper, keys } = standing;
      const [key = ''] = keys;
      const changed = await changeNarrowing(services, subscriber, byKey(key), { paper, narrowed });
      const after = (await services.subscriptions.subscribers.get(subscriber.id)) ?? subscriber;
      return c.html(page(c, { subscriber: after, paper, keys }, changed?.topic));
    });
  }
}

/** As many as a mail names. */
const mostTopics = 3;
