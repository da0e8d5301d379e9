import { expect, test } from 'vitest';
import { isDisposable } from '../../shared/sign-up/disposable.ts';

test.each([
  ['someone@mailinator.com', true],
  ['someone@inbox.mailinator.com', true],
  ['someone@example.org', false],
  // Another domain, and a name, that only hold the host's.
  ['someone@daily-papers-mailinator.com', false],
  ['someone@mailinator.com.example.org', false],
  ['mailinator.com@example.org', false],
  ['"x@mailinator.com"@example.org', false],
])('%s: %s', (identity, is) => {
  expect(isDisposable(identity)).toBe(is);
});
