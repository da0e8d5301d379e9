import PostalMime from 'postal-mime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { planForEverybody } from '../../shared/deliveries/plan-due-digests.ts';
import type { Digest } from '../../shared/digests/digest.ts';
import { publishDigest } from '../../shared/digests/publish.ts';
import { tasteFor } from '../digests/candidates.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDeliveries } from '../support/deliveries.ts';
import { publishingOver } from '../support/digests.ts';
import { readerOf } from '../support/readers.ts';

const digestId = 'daily-2026-11-22';
const day = '2026-11-22';
let world: Awaited<ReturnType<typeof startDeliveries>>;
let digests: ReturnType<typeof publishingOver>;

beforeEach(async () => {
  world = await startDeliveries();
  digests = publishingOver(world.dynamo);
});
afterEach(() => world.stop());

const paper = (number: number, fields: Parameters<typeof examplePaper>[0] = {}) =>
  examplePaper({
    id: `2611.${10_000 + number}`,
    title: `Paper number ${number}`,
    day,
    upvotes: 500 - number,
    ...fields,
  });

async function store(...papers: ReturnType<typeof paper>[]): Promise<void> {
  for (const each of papers) await digests.store(each);
}

const publish = () => digests.publish(digestId, world.clock.now);

const join = (address: string, preferences: Record<string, unknown> = {}) =>
  world.subscribers.put(readerOf(world.keys, address, preferences));
const idOf = (address: string) => readerOf(world.keys, address).id;

async function send(): Promise<void> {
  await planForEverybody(world.planner, digestId, world.remaining);
  await world.sendQueued();
}

function mailTo(address: string) {
  return PostalMime.parse(world.ses.messages.find(({ to }) => to[0] === address)?.raw ?? '');
}

async function numbersIn(address: string): Promise<number[]> {
  const { text = '' } = await mailTo(address);
  return [...text.matchAll(/^\d+\. Paper number (\d+)/gm)].map(([, number]) => Number(number));
}

const reasons = ['By Yann LeCun, an author you follow', 'Matches your topic: diffusion model'];

test('each reader gets their own papers of the whole day, and a reader for whom none is left gets no mail', async () => {
  await store(
    ...Array.from({ length: 60 }, (_, number) => paper(number)),
    paper(60, { abstract: 'About latent diffusion models.', keywords: ['crypto'] }),
    paper(61, { authors: ['Y. LeCun'] }),
  );
  await publish();
  await join('plain@example.org', { maxPapers: 3 });
  await join('topic@example.org', { maxPapers: 3, topics: ['diffusion model'], authors: ['Yann LeCun'] });
  await join('muted@example.org', { maxPapers: 50, topics: ['diffusion'], muted: ['crypto', 'number 0'] });
  await join('none@example.org', { muted: ['paper'] });
  await join('strict@example.org', { minScore: 10_000 });
  await send();
  expect(await numbersIn('plain@example.org')).toEqual([0, 1, 2]);
  expect(await numbersIn('topic@example.org')).toEqual([61, 60, 0]);
  const { text, html } = await mailTo('topic@example.org');
  for (const part of [text, html]) {
    expect(part?.match(/By Yann LeCun, an author you follow|Matches your topic: [\w ]+/g)).toEqual(reasons);
    expect(part?.match(/On your topics.*?\)|Also trending/g)).toEqual([
      'On your topics and by your authors (2)',
      'Also trending',
    ]);
  }
  expect((await mailTo('plain@example.org')).text).not.toMatch(/Matches your|On your|trending/);
  const muted = await numbersIn('muted@example.org');
  expect([muted.length, muted[0], muted.includes(60)]).toEqual([50, 1, false]);
  expect(world.recipients()).toEqual(['muted@example.org', 'plain@example.org', 'topic@example.org']);
  const counts = { planned: 5, sent: 3, failed: 0, suppressed: 2, unknown: 0, resent: 0 };
  expect(await world.progress.read(digestId)).toEqual(counts);
  const [note] = await world.deliveries.notes([digestId], [idOf('none@example.org')]);
  const batchId = note?.batchId ?? '';
  const [batch] = await world.deliveries.getBatches(digestId, [batchId]);
  expect(batch?.deliveries[idOf('none@example.org')]).toEqual({
    state: 'suppressed',
    reason: 'their preferences leave no paper',
  });
});

test('the frozen papers count, also when the stored ones change: the digest and its mails stay the same', async () => {
  await store(paper(1), paper(2, { title: 'Paper number 2 on robots' }), paper(3));
  await publish();
  const before = await world.digests.get(digestId);
  await store(paper(1, { title: 'Paper number 9', upvotes: 0 }), paper(3, { title: 'Robots', hidden: true }));
  await publish();
  expect(await world.digests.get(digestId)).toEqual(before);
  await join('reader@example.org', { topics: ['robot'] });
  await send();
  expect(await numbersIn('reader@example.org')).toEqual([2, 1, 3]);
});

test('of two runs that publish at once, either may be first: the digest has the candidates that it was made with', async () => {
  await store(paper(1), paper(2));
  const { create } = world.digests;
  const dies = async () => {
    throw new Error('It died.');
  };
  const overtaken = {
    ...digests.services,
    digests: {
      ...world.digests,
      // Another one saves candidates of its own in between.
      create: async (digest: Digest) => {
        await store(paper(3));
        const other = { ...digests.services, digests: { ...world.digests, create: dies } };
        await expect(publishDigest(other, digestId, 2)).rejects.toThrow('It died.');
        return create(digest);
      },
    },
  };
  await publishDigest(overtaken, digestId, 1);
  const digest = await world.digests.get(digestId);
  expect(digest?.papers).toHaveLength(2);
  const candidates = digest?.candidates && (await world.digests.getCandidates(digestId, digest.candidates));
  expect(candidates?.map(candidate => candidate.paper)).toEqual(digest?.papers);
});

test('a taste moves papers up, unless the reader switched that off; whom their words can’t be read for fails alone', async () => {
  await store(
    paper(1, { upvotes: 30 }),
    paper(2, { upvotes: 29, abstract: 'Voices in a crowd.' }),
    paper(3, { upvotes: 28, abstract: 'Protein folding and the structure of proteins.' }),
  );
  await publish();
  await join('liking@example.org');
  await join('learned-off@example.org', { learned: false });
  await join('broken@example.org');
  const taste = tasteFor([paper(9, { title: 'Folding of proteins', abstract: 'Protein structure.' })]);
  for (const address of ['liking@example.org', 'learned-off@example.org']) {
    await world.subscribers.putTaste(idOf(address), taste);
  }
  const { getReaders } = world.subscribers;
  world.sender.subscribers = {
    async getReaders(ids) {
      const readers = await getReaders(ids);
      const broken = readers.get(idOf('broken@example.org'));
      // As no schema lets through: what may not stop the others is a fault of ours.
      if (broken) readers.set(broken.id, { ...broken, preferences: { ...broken.preferences, topics: null as never } });
      return readers;
    },
  };
  await send();
  expect(await numbersIn('liking@example.org')).toEqual([3, 1, 2]);
  expect((await mailTo('liking@example.org')).text?.match(/Like papers that you upvoted/g)).toHaveLength(1);
  expect(await numbersIn('learned-off@example.org')).toEqual([1, 2, 3]);
  expect(await world.progress.read(digestId)).toMatchObject({ planned: 3, sent: 2, failed: 1 });
});
