import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { addReaders } from '../support/readers.ts';

let world: Awaited<ReturnType<typeof startDeliveries>>;
beforeEach(async () => {
  world = await startDeliveries();
});
afterEach(() => world.stop());

test('the note of a day without papers is sent like any other digest', async () => {
  const digest = { ...sampleDigest('2026-11-22', world.clock.now - 3_600_000), subject: 'Nothing new', papersOfDay: 0 };
  await world.digests.create({ ...digest, papers: [], emptyReason: 'weekend' });
  await addReaders(world.subscribers, world.keys, 3, { topics: ['cs.CL'], muted: ['walrus'] });
  expect(await planForEverybody(world.planner, digest.id, world.remaining)).toMatchObject({ planned: 3 });
  await world.sendQueued();
  expect(await world.progress.read(digest.id)).toMatchObject({ planned: 3, sent: 3 });
  const mail = await PostalMime.parse(world.ses.messages[0]?.raw ?? '');
  expect(mail.subject).toBe('Nothing new');
  for (const part of [mail.text, mail.html]) expect(part).toContain('because it was a weekend.');
  expect(mail.headers.map(({ key }) => key)).toContain('list-unsubscribe');
});
