import { expect, test } from 'vitest';
import { statementSchema } from '../../shared/consents/record.ts';

const isTaken = (proof: string) => statementSchema.safeParse({ proof, confirmedBefore: 1 }).success;

test('the proof of a statement is a sentence that can be shown', () => {
  expect(isTaken('Exported from the list Daily, filtered by confirmed')).toBe(true);
  expect(isTaken(`   ${'x'.repeat(20)} `)).toBe(true);
  expect(['x'.repeat(19), `${' '.repeat(20)}x`, 'x'.repeat(501), `${'x'.repeat(20)}\u202e`].filter(isTaken)).toEqual(
    [],
  );
});
