import { expect, test } from 'vitest';
import { eachSideBySide } from '../../shared/platform/concurrency.ts';

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

test('every item is worked on once, no more than so many at a time', async () => {
  const done: number[] = [];
  let under = 0;
  let most = 0;
  await eachSideBySide([1, 2, 3, 4, 5, 6, 7], 3, async item => {
    under += 1;
    most = Math.max(most, under);
    await turn();
    under -= 1;
    done.push(item);
  });
  expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('an error is thrown once nothing is under way any more, and no further item is begun', async () => {
  const begun: number[] = [];
  let under = 0;
  const working = eachSideBySide([1, 2, 3, 4, 5], 2, async item => {
    begun.push(item);
    under += 1;
    await turn();
    if (item === 2) await turn();
    under -= 1;
    if (item === 1) throw new Error('one');
  });
  await expect(working).rejects.toThrow('one');
  expect(under).toBe(0);
  expect(begun).toEqual([1, 2]);
});

test('of nothing, nothing is done', async () => {
  await eachSideBySide([], 4, async () => {
    throw new Error('no item');
  });
});
