import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

/** The functions that compose a mail, by the names that other code than theirs calls. */
function composed(): string[] {
  const files = readdirSync(join(root, 'shared/email')).filter(name => name.endsWith('-mail.tsx'));
  const names = files.flatMap(name => textOf(`shared/email/${name}`).match(/(?<=^export function )\w+Mail\b/gm) ?? []);
  const users = ['shared', 'functions', 'local'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true })
      .map(name => `${folder}/${name}`)
      .filter(path => /\.tsx?$/.test(path) && !path.endsWith('-mail.tsx')),
  );
  const used = users.map(textOf).join('\n');
  return names.filter(name => used.includes(`${name}(`));
}

test('every mail that the system sends is among those that are checked and looked at', () => {
  const mails = composed();
  expect(mails).toContain('digestMail');
  const checked = textOf('test/email/all-mails.ts');
  expect(mails.filter(name => !checked.includes(`${name}(`))).toEqual([]);
});
