import { afterAll, beforeAll, expect } from 'vitest';
import type { Paper } from '../../shared/papers/paper.ts';
import { snapshotCounts } from '../../shared/papers/snapshots.ts';
import { isVisible } from '../../shared/papers/text.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startPublicApi } from '../support/public-api.ts';
import { poisonItem, row, watchNaming } from './cells.ts';
import type { Poison } from './kinds.ts';

/* One bad paper among good ones, wherever many are shown or read together. */

const day = '2026-11-23';
const good = ['2611.00001', '2611.00099'];
const naming = watchNaming();

let world: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  world = await startPublicApi();
  for (const id of good) await store(id);
});
afterAll(() => world.stop());

const store = (id: string) =>
  world.papers.put({ paper: examplePaper({ id, day, upvotes: 5 }), revision: 0, readAt: 1 });

/** Each cell has a paper of its own, as what was named a moment ago is not named again. */
let cell = 1;
async function withBad(
  { change, becomes }: Poison,
  look: (bad: string, listed: string[]) => Promise<void>,
): Promise<void> {
  cell += 1;
  const bad = `2611.000${String(cell).padStart(2, '0')}`;
  await store(bad);
  const restore = await poisonItem(world.dynamo, 'Papers', { pk: bad, sk: 'paper' }, change);
  try {
    await look(bad, becomes === 'shown' ? [good[0] ?? '', bad, good[1] ?? ''] : good);
    if (becomes === 'left out') naming.expectNamed(bad);
  } finally {
    await restore();
    await world.papers.putDeleted(bad, { deletedAt: 1, revision: 1 });
  }
}

async function answerOf(path: string): Promise<string> {
  const answer = await world.app.request(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

row('a list', poison =>
  withBad(poison, async (bad, listed) => {
    for (const query of [`date=${day}`, 'week=2026-W48', 'month=2026-11', '', 'sort=upvotes', 'sort=published']) {
      const { papers } = JSON.parse(await answerOf(`/v1/papers?${query}`)) as { papers: Paper[] };
      expect([query, papers.map(({ id }) => id).sort()]).toEqual([query, listed]);
      // There is something to see of each.
      for (const { title, authors } of papers) expect([title, ...authors].filter(text => !isVisible(text))).toEqual([]);
    }
    await answerOf(`/v1/papers/${good[0]}`);
    await answerOf(`/v1/papers/${good[0]}/ranking`);
    expect(await snapshotCounts(world, world.clock.now)).toBe(listed.length);
    const own = await world.app.request(`/v1/papers/${bad}`);
    expect(own.status).toBe(poison.becomes === 'shown' ? 200 : 404);
  }),
);

row('a page', poison =>
  withBad(poison, async (bad, listed) => {
    for (const path of ['/', `/?date=${day}`, '/?week=2026-W48', '/?month=2026-11']) {
      const page = await answerOf(path);
      for (const id of listed) expect(page).toContain(`/papers/${id}`);
    }
    await answerOf(`/papers/${good[0]}`);
    const own = await world.app.request(`/papers/${bad}`);
    expect(own.status).toBe(poison.becomes === 'shown' ? 200 : 404);
  }),
);

async function buildIndex() {
  const services = {
    papers: world.papers,
    store: world.searchStore,
    now: () => world.clock.now,
    remaining: () => 1e6,
  };
  const built = await indexPapers(services, ['2026-11']);
  world.clock.now += 60_000;
  return built;
}

row('an index build', poison =>
  withBad(poison, async (_, listed) => {
    const { built, complete } = await buildIndex();
    expect([complete, built[0]?.papers]).toEqual([true, listed.length]);
    for (const path of ['/v1/papers/search?q=abstract', '/search?q=abstract', '/v1/papers/search?q=title']) {
      const found = await answerOf(path);
      for (const id of good) expect(found).toContain(id);
    }
  }),
);

row('a feed of a search', poison =>
  withBad(poison, async bad => {
    await buildIndex();
    for (const path of ['/feed.atom?q=author:author', '/feed.json?q=author:author']) {
      const feed = await answerOf(path);
      for (const id of good) expect(feed).toContain(`/papers/${id}`);
      // XML has no way to write them.
      if (path.startsWith('/feed.atom')) expect(feed).not.toMatch(/[^\P{Cc}\r\n\t]|[\ufffe\uffff]/u);
      if (poison.becomes === 'left out') expect(feed).not.toContain(bad);
    }
  }),
);
