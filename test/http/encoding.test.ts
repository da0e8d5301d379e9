import { expect, test } from 'vitest';
import { encodingFor } from '../../shared/http/compression.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['gzip', 'gzip'],
  ['br', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip, deflate, br, zstd', 'br'],
  ['deflate, zstd, compress', undefined],
  ['GZIP', 'gzip'],
  ['x-gzip', 'gzip'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['br;q=0.5,gzip;q=0.6', 'gzip'],
  ['br ; q=0 , gzip ; q=0.1', 'gzip'],
  ['br;q=0, gzip;q=0', undefined],
  ['gzip;q=0.000', undefined],
  ['gzip;Q=0', undefined],
  ['identity', undefined],
  ['identity, gzip', 'gzip'],
  ['identity, gzip;q=0.5', undefined],
  ['identity;q=0.5, gzip', 'gzip'],
  ['identity;q=0, gzip', 'gzip'],
  ['*', 'br'],
  ['*;q=0.1', 'br'],
  ['*;q=0', undefined],
  ['*;q=0, gzip', 'gzip'],
  ['br;q=0, *', 'gzip'],
  ['identity, *;q=0.5', undefined],
  ['gzip;q=0, *;q=0.3', 'br'],
  ['gzip;q=0, gzip', 'gzip'],
  [',,;q=1, gzip', 'gzip'],
  ['brotli, gzipped', undefined],
])('a client that takes "%s" gets %s', (accepted, encoding) => {
  expect(encodingFor(accepted)).toBe(encoding);
});
