import { expect, test } from 'vitest';
import { likelyAddress } from '../../shared/sign-up/likely-address.ts';

test.each([
  ['Name+x@gmial.com', 'Name+x@gmail.com'],
  ['name@gmail.con', 'name@gmail.com'],
  [' name@GNAIL.com ', 'name@gmail.com'],
  ['name@hotmial.com', 'name@hotmail.com'],
  ['name@yahooo.com', 'name@yahoo.com'],
  ['name@iclod.com', 'name@icloud.com'],
  ['name@protonmial.com', 'name@protonmail.com'],
])('%s: did you mean %s?', (typed, meant) => {
  expect(likelyAddress(typed)).toBe(meant);
});

test.each([
  ...['gmail.com', 'googlemail.com', 'mac.com', 'me.com', 'ymail.com', 'yahoo.de', 'gmx.de', 'web.de', 'qq.com'],
  ...['company.cm', 'company.co', 'example.io', 'cs.cmu.edu', 'ethz.ch', 'univ-lyon1.fr', 'mail.gmial.lab.example.org'],
])('%s may be meant', domain => {
  expect(likelyAddress(`name@${domain}`)).toBeUndefined();
});

test.each(['', '@', 'gmial.com', 'a b@gmial.com', `name@${'gmial.'.repeat(200)}com`])('%j is no address', typed => {
  expect(likelyAddress(typed)).toBeUndefined();
});
