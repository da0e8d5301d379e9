import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { curationChangeSchema, noCuration } from '../../shared/digests/curation.ts';
import { idsOf, startPublishing } from '../support/digests.ts';

let world: Awaited<ReturnType<typeof startPublishing>>;
beforeEach(async () => {
  world = await startPublishing();
});
afterEach(() => world.stop());

const day = '2026-11-23';
const id = `daily-${day}`;
const [a, b, c, d] = ['2611.00001', '2611.00002', '2611.00003', 'math/0211159'] as const;

/** Four papers, in this order without a curator. */
async function storeAll(): Promise<void> {
  for (const [index, paper] of [a, b, c, d].entries()) await world.store({ id: paper, day, upvotes: 90 - 20 * index });
}

describe('a digest that is made', () => {
  test('has pinned papers first, the last pin on top, and no dropped ones, which are on record', async () => {
    await storeAll();
    await world.curations.change(id, { papers: { [c]: 'pin', [a]: 'drop' } }, 1);
    await world.curations.change(id, { papers: { [d]: 'pin' }, note: 'Two <b>short</b> ones first.' }, 2);
    const result = await world.publish(id);
    expect(idsOf(result)).toEqual([d, c, b]);
    expect(result).toMatchObject({
      digest: { note: 'Two <b>short</b> ones first.', leftOut: [{ id: a, reason: 'dropped' }], papersOfDay: 4 },
    });
  });

  test('knows nothing of decisions that were taken back, nor of papers of other days', async () => {
    await storeAll();
    await world.curations.change(id, { papers: { [c]: 'pin', [a]: 'drop', '2611.09999': 'pin' }, note: 'x' }, 1);
    await world.curations.change(id, { papers: { [c]: null, [a]: null }, note: null }, 2);
    const result = await world.publish(id);
    expect(idsOf(result)).toEqual([a, b, c, d]);
    expect('digest' in result && [result.digest.note, result.digest.leftOut]).toEqual([undefined, undefined]);
  });

  test('takes no more decisions, and publishing it again changes nothing', async () => {
    await storeAll();
    const first = await world.publish(id);
    expect(await world.curations.change(id, { papers: { [a]: 'drop' } }, 1)).toBe(false);
    expect(await world.curations.read(id)).toEqual(noCuration);
    expect(await world.publish(id)).toEqual({ ...first, outcome: 'already published' });
  });

  test('has every decision that was taken, and no other, whenever it was made', async () => {
    await storeAll();
    const decisions = [a, b, c].map(paper => world.curations.change(id, { papers: { [paper]: 'drop' } }, 1));
    const [result, ...taken] = await Promise.all([world.publish(id), ...decisions]);
    const dropped = [a, b, c].filter((_, index) => taken[index]);
    expect(idsOf(result)).toEqual([a, b, c, d].filter(paper => !dropped.includes(paper as typeof a)));
  });

  test('of dropped papers alone is not made, even where empty days leave a note, and goes on taking decisions', async () => {
    await world.store({ id: a, day });
    await world.curations.change(id, { papers: { [a]: 'drop' } }, 1);
    expect(await world.publish(id, 1, 'note')).toEqual({
      outcome: 'no papers',
      reason: 'A curator dropped all papers there were.',
    });
    expect(await world.curations.change(id, { papers: { [a]: null } }, 1)).toBe(true);
    expect(idsOf(await world.publish(id))).toEqual([a]);
  });
});

test('curators side by side lose none of each other’s decisions', async () => {
  const papers = Array.from({ length: 30 }, (_, index) => `2611.1${String(index).padStart(4, '0')}`);
  const taken = await Promise.all([
    ...papers.map((paper, index) =>
      world.curations.change(id, { papers: { [paper]: index % 2 === 0 ? 'drop' : 'pin' } }, index),
    ),
    world.curations.change(id, { note: 'A note.' }, 99),
  ]);
  expect(new Set(taken)).toEqual(new Set([true]));
  const { note, pinned, dropped } = await world.curations.read(id);
  expect(note).toBe('A note.');
  expect(dropped.toSorted()).toEqual(papers.filter((_, index) => index % 2 === 0));
  expect(pinned).toEqual(papers.filter((_, index) => index % 2 === 1).toReversed());
});

test('a note is one line of up to 300 characters, whatever is in it', () => {
  const noteOf = (note: string) => curationChangeSchema.safeParse({ note }).data?.note;
  expect(noteOf('  Happy <Thanksgiving> & all – 🦃  ')).toBe('Happy <Thanksgiving> & all – 🦃');
  for (const bad of ['', '   ', 'two\nlines', 'bidi \u202e', 'x'.repeat(301), 'bell \u0007']) {
    expect(noteOf(bad)).toBeUndefined();
  }
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), typed => {
      const note = noteOf(typed);
      if (note !== undefined) expect(note).toMatch(/^\S(.{0,298}\S)?$/su);
    }),
  );
});
