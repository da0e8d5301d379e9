import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, test } from '@jest/globals';

const root = resolve(import.meta.dirname, '../..');
const folders = ['functions', 'infra', 'shared', 'local', 'bench', 'doctor'];

/** Which folder may import which, beside itself. `functions/` and `infra/` meet in `shared/` alone. */
const allowed: Record<string, string[]> = {
  shared: [],
  functions: ['shared'],
  infra: ['shared'],
  local: ['shared', 'functions'],
  bench: ['shared', 'functions', 'local'],
  doctor: ['shared', 'infra', 'local'],
};

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

const imports = folders.flatMap(importsOf);
const topFolder = (path: string) => path.split(/[\\/]/)[0] ?? '';

test('there are imports to check', () => {
  expect(imports.length).toBeGreaterThan(100);
});

test('folders import only what they may', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [source, target] = [topFolder(from), topFolder(to)];
    return source !== target && !allowed[source]?.includes(target);
  });
  expect(wrong).toEqual([]);
});

test('no function imports another one', () => {
  const functionOf = (path: string) => path.split(/[\\/]/)[1];
  const wrong = imports.filter(
    ({ from, to }) =>
      topFolder(from) === 'functions' && topFolder(to) === 'functions' && functionOf(from) !== functionOf(to),
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
    'deliveries/history.ts',
    'deliveries/progress.ts',
    'deliveries/repository.ts',
    'deliveries/sending-clock.ts',
    'deliveries/welcome-list.ts',
    'digests/curation.ts',
    'digests/repository.ts',
    'email/quota.ts',
    'feedback/counts.ts',
    'feedback/repository.ts',
    'papers/repository.ts',
    'papers/snapshots.ts',
    'papers/source-days.ts',
    'papers/sources/turns.ts',
    'platform/buckets.ts',
    'platform/dynamo.ts',
    'platform/lease.ts',
    'platform/limits.ts',
    'search/store.ts',
    'subscribers/consents.ts',
    'subscribers/repository.ts',
    'votes/repository.ts',
    'votes/submission-list.ts',
  ]);
});
