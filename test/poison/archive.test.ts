import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, expect } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { tableName } from '../../local/tables.ts';
import { isVisible } from '../../shared/papers/text.ts';
import { startPublicApi } from '../support/public-api.ts';
import { poisonItem, row, watchNaming } from './cells.ts';
import type { Poison } from './kinds.ts';

/* One bad digest among good ones, wherever digests are shown. */

const good = ['2026-11-20', '2026-11-24'];
const naming = watchNaming();

let world: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  world = await startPublicApi();
  for (const day of good) await world.digests.create(sampleDigest(day, 1));
});
afterAll(() => world.stop());

/** Each cell has a digest of its own, as what was named a moment ago is not named again. */
let cell = 0;
async function withBad(
  { change, becomes }: Poison,
  look: (bad: string, listed: string[]) => Promise<void>,
): Promise<void> {
  cell += 1;
  const day = `2026-10-${String(cell).padStart(2, '0')}`;
  const bad = `daily-${day}`;
  await world.digests.create(sampleDigest(day, 1));
  await poisonItem(world.dynamo, 'Digests', { pk: bad, sk: 'digest' }, change);
  const others = good.map(each => `daily-${each}`).toReversed();
  await look(bad, becomes === 'shown' ? [...others, bad] : others);
  if (becomes === 'left out') naming.expectNamed(bad);
  await world.dynamo.send(new DeleteCommand({ TableName: tableName('Digests'), Key: { pk: bad, sk: 'digest' } }));
}

async function answerOf(path: string): Promise<string> {
  const answer = await world.app.request(path);
  expect([path, answer.status]).toEqual([path, 200]);
  return answer.text();
}

row('the archive', poison =>
  withBad(poison, async (bad, listed) => {
    for (const query of ['kind=daily', 'limit=20', 'limit=3']) {
      const { digests } = JSON.parse(await answerOf(`/v1/digests?${query}`)) as { digests: { id: string }[] };
      expect([query, digests.map(({ id }) => id)]).toEqual([query, listed]);
    }
    const { digests: first, nextCursor } = JSON.parse(await answerOf('/v1/digests?limit=1'));
    const { digests: next } = JSON.parse(await answerOf(`/v1/digests?limit=1&cursor=${nextCursor}`));
    expect([first[0].id, next[0].id]).toEqual(listed.slice(0, 2));
    for (const path of ['/digests', '/digests?kind=daily']) {
      const links = [...(await answerOf(path)).matchAll(/href="\/digests\/(daily-[\d-]+)">([^<]*)/g)];
      expect(links.map(([, id]) => id)).toEqual(listed);
      // Something to press.
      for (const [, , words = ''] of links) expect([words, isVisible(words)]).toEqual([words, true]);
    }
    for (const path of ['/', '/v1/status', ...listed.flatMap(id => [`/digests/${id}`, `/v1/digests/${id}`])]) {
      await answerOf(path);
    }
    if (poison.becomes === 'shown') return;
    for (const path of [`/digests/${bad}`, `/v1/digests/${bad}`]) {
      expect([path, (await world.app.request(path)).status]).toEqual([path, 404]);
    }
  }),
);

row('a feed of digests', poison =>
  withBad(poison, async (_, listed) => {
    const atom = await answerOf('/feed.atom');
    // XML has no way to write them.
    expect(atom).not.toMatch(/[^\P{Cc}\r\n\t]|[\ufffe\uffff]/u);
    const { feed } = new XMLParser({ isArray: name => name === 'entry' }).parse(atom, true);
    const named = feed.entry as { id: string; title: unknown; updated: string }[];
    expect(named.map(({ id }) => id.replace(/^.*digest\//, ''))).toEqual(listed);
    for (const { title, updated } of named) {
      expect([title, isVisible(String(title))]).toEqual([title, true]);
      expect(Date.parse(updated)).not.toBeNaN();
    }
    const { items } = JSON.parse(await answerOf('/feed.json'));
    expect(items.map(({ url }: { url: string }) => url.replace(/^.*digests\//, ''))).toEqual(listed);
    for (const item of items) expect(Date.parse(item.date_published)).not.toBeNaN();
  }),
);
