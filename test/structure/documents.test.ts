import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withDrawing } from '../../infra/drawing.ts';

const root = resolve(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const filesOf = (folder: string, names: RegExp) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => names.test(file))
    .map(file => join(folder, file));

const sources = ['shared', 'functions', 'infra', 'cli', 'local', 'doctor', 'bench', 'test'].flatMap(folder =>
  filesOf(folder, /\.tsx?$/),
);
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...filesOf('docs', /\.md$/)];

test('the picture of the system is the one of what is deployed: npm run draw', () => {
  const document = textOf('docs/architecture.md');
  expect(withDrawing(document)).toBe(document);
});

describe('the invariants', () => {
  const text = textOf('docs/invariants.md');
  const names = new Map(
    [...text.matchAll(/^\| (\d+) \| \[(.+)\]\(#\1\) \|$/gm)].map(([, number, name]) => [number, name]),
  );

  test('each has a chapter with its reason and what holds it', () => {
    expect(names.size).toBeGreaterThan(15);
    const chapters = text.split(/^## /m).slice(1);
    expect(chapters.map(chapter => /^<a id="(\d+)"><\/a>\1\. (.+)$/m.exec(chapter)?.slice(1, 3))).toEqual(
      [...names].map(([number, name = '']) => [number, `${name.charAt(0).toUpperCase()}${name.slice(1)}`]),
    );
    for (const chapter of chapters) {
      for (const part of ['**Why.**', '**Held by**', '**Alarm:**']) expect(chapter).toContain(part);
    }
  });

  test('are called by their names wherever they are linked', () => {
    const links = [...sources, ...documents].flatMap(path =>
      [
        ...textOf(path)
          .replaceAll(/\n\s*(?:\*|\/\/) /g, ' ')
          .matchAll(/\[([^\]]+)\]\((?:docs\/|\.\.\/)?invariants\.md#(\d+)\)/g),
      ].map(([, name, number]) => ({
        path,
        name: name?.toLowerCase().replaceAll('\n', ' '),
        rule: names.get(number)?.toLowerCase(),
      })),
    );
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter(({ name, rule }) => name !== rule)).toEqual([]);
  });

  test('are never quoted by a bare number', () => {
    const bare = [...sources, ...documents].filter(path => /\binvariants? \d/i.test(textOf(path)));
    expect(bare).toEqual([]);
  });
});

test('every file that a document or a comment names is there', () => {
  const gone = [...sources, ...documents].flatMap(path => {
    const text = textOf(path);
    const quoted = [
      ...text.matchAll(
        /(?<![./\w])(?:docs|test|shared|functions|infra|cli|local|doctor|bench)\/[\w/.-]+\.(?:ts|tsx|md)\b/g,
      ),
    ].map(([file]) => file);
    const linked = path.endsWith('.md')
      ? [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = '']) => join(dirname(path), to))
      : [];
    return [...quoted, ...linked].filter(file => !existsSync(join(root, file))).map(file => `${path}: ${file}`);
  });
  expect(gone).toEqual([]);
});

test('every heading that a document links is there', () => {
  const anchorsOf = (path: string) =>
    new Set([
      ...[...textOf(path).matchAll(/<a id="(\w+)">/g)].map(([, id]) => id),
      ...[...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
        heading
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
          .replaceAll(' ', '-'),
      ),
    ]);
  const gone = documents.flatMap(path =>
    [...textOf(path).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)]
      .map(([, to, anchor = '']) => ({ target: to ? join(dirname(path), to) : path, anchor }))
      .filter(({ target, anchor }) => existsSync(join(root, target)) && !anchorsOf(target).has(anchor))
      .map(({ target, anchor }) => `${path}: ${target}#${anchor}`),
  );
  expect(gone).toEqual([]);
});

test('every decision is in the index, with a theme, a date and a status', () => {
  const index = textOf('docs/decisions/README.md');
  const listed = [...index.matchAll(/^\| (\d+) \| \[.+\]\((\d{4}-[\w-]+\.md)\) \| \d{4}-\d{2}-\d{2} \| .+ \|$/gm)].map(
    ([, , file]) => file,
  );
  expect(listed.sort()).toEqual(
    readdirSync(join(root, 'docs/decisions'))
      .filter(file => /^\d/.test(file))
      .sort(),
  );
});
