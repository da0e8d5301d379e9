import { expect, test } from 'vitest';
import { overtaken, retryOvertaken } from '../../shared/platform/retry.ts';

test('an attempt that was overtaken is made anew, and its result is given', async () => {
  const numbers: number[] = [];
  const result = await retryOvertaken('A record', 3, async number => {
    numbers.push(number);
    return number < 2 ? overtaken : undefined;
  });
  expect(result).toBeUndefined();
  expect(numbers).toEqual([0, 1, 2]);
});

test('after the last attempt it says which record others wrote', async () => {
  let attempts = 0;
  const overtakenAlways = async () => {
    attempts += 1;
    return overtaken;
  };
  await expect(retryOvertaken('The digest x', 2, overtakenAlways)).rejects.toThrow(
    'The digest x was written by others at each of 2 attempts.',
  );
  expect(attempts).toBe(2);
});

test('a failure is not tried again', async () => {
  let attempts = 0;
  const failing = retryOvertaken('A record', 5, async () => {
    attempts += 1;
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(attempts).toBe(1);
});
