import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
/** The folders, each of which may import itself and those that are named. `functions/` and `infra/` meet in `shared/` alone. */
const folders: Record<string, string[]> = {
  shared: [],
  functions: ['shared'],
  infra: ['shared'],
  cli: ['shared', 'functions'],
  local: ['shared', 'functions', 'cli'],
  doctor: ['shared', 'infra', 'cli', 'local'],
  bench: ['shared', 'functions', 'cli', 'local'],
};

/** The rooms of `shared/`, from the lowest up: each may import those above it in this list, and none below. */
const rooms = [
  'platform',
  'time',
  'events',
  'http',
  'feeds',
  'papers',
  'search',
  'subscribers',
  'consents',
  'digests',
  'email',
  'sign-up',
  'imports',
  'votes',
  'deliveries',
  'feedback',
  'personal-data',
  'stores',
];

interface Import {
  from: string;
  to: string;
}

function importsOf(folder: string): Import[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(file =>
    /\.tsx?$/.test(file),
  );
  return files.flatMap(file => {
    const path = join(folder, file);
    const text = readFileSync(join(root, path), 'utf8');
    return [...text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)].map(match => ({
      from: path,
      to: relative(root, resolve(root, dirname(path), match[1] ?? '')),
    }));
  });
}

const imports = Object.keys(folders).flatMap(importsOf);
const topFolder = (path: string) => path.split(/[\\/]/)[0] ?? '';
const roomOf = (path: string) => path.split(/[\\/]/)[1] ?? '';

test('there are imports to check', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('folders import only what they may', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [source, target] = [topFolder(from), topFolder(to)];
    return source !== target && !folders[source]?.includes(target);
  });
  expect(wrong).toEqual([]);
});

test('every room of shared has its place', () => {
  expect(rooms.toSorted()).toEqual(readdirSync(join(root, 'shared')).sort());
});

test('no room of shared imports one that stands on it', () => {
  const upward = imports.filter(
    ({ from, to }) =>
      topFolder(from) === 'shared' &&
      topFolder(to) === 'shared' &&
      rooms.indexOf(roomOf(to)) > rooms.indexOf(roomOf(from)),
  );
  expect(upward).toEqual([]);
});

test('no function imports another one', () => {
  const wrong = imports.filter(
    ({ from, to }) => topFolder(from) === 'functions' && topFolder(to) === 'functions' && roomOf(from) !== roomOf(to),
  );
  expect(wrong).toEqual([]);
});

test('DynamoDB commands are used by repositories and what they stand on alone', () => {
  const users = readdirSync(join(root, 'shared'), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .filter(file =>
      /\b(Get|Put|Update|Query|BatchGet|BatchWrite)Command\b/.test(readFileSync(join(root, 'shared', file), 'utf8')),
    )
    .map(file => file.replaceAll('\\', '/'))
    .sort();
  expect(users).toEqual([
    'consents/repository.ts',
    'deliveries/history.ts',
    'deliveries/pauses.ts',
    'deliveries/progress.ts',
    'deliveries/repository.ts',
    'deliveries/sending-clock.ts',
    'deliveries/welcome-outbox.ts',
    'digests/curation.ts',
    'digests/repository.ts',
    'email/quota.ts',
    'feedback/count-repository.ts',
    'feedback/repository.ts',
    'papers/repository.ts',
    'papers/snapshots.ts',
    'papers/source-days.ts',
    'papers/sources/turns.ts',
    'platform/buckets.ts',
    'platform/dynamo.ts',
    'platform/lease.ts',
    'platform/rate-limiter.ts',
    'search/store.ts',
    'subscribers/repository.ts',
    'votes/repository.ts',
    'votes/submission-list.ts',
  ]);
});
