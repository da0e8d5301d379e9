import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPapersFile } from '../../local/papers-file.ts';
import { inFolder } from '../support/folder.ts';

const read = (content: string | Uint8Array) =>
  inFolder(async folder => {
    const path = join(folder, 'papers');
    await writeFile(path, content);
    return readPapersFile(path);
  });

test('text is taken for the page', async () => {
  expect(await read('Daily Papers\n\nA title')).toEqual({ kind: 'page', text: 'Daily Papers\n\nA title' });
});

test('a JSON array is taken for an answer of Hugging Face, of the day that most of its papers name', async () => {
  const items = ['2026-06-12', '2026-06-11', '2026-06-12'].map(day => ({
    paper: { submittedOnDailyAt: `${day}T00:00:00.000Z` },
  }));
  expect(await read(JSON.stringify(items))).toEqual({ kind: 'hugging-face', items, date: '2026-06-12' });
  expect(await read('[{}, null, 7]')).toMatchObject({ kind: 'hugging-face', date: undefined });
});

test.each([
  ['nothing', '', 'is empty'],
  ['blank lines', ' \n\n', 'is empty'],
  ['a web page', '<!doctype html><title>x</title>', 'is HTML'],
  ['an object', '{"error":"no"}', 'not an array'],
  ['torn JSON', '[{"paper":', 'begins like JSON, but is not'],
  ['an empty array', '[]', 'has no papers'],
  ['bytes that are no text', new Uint8Array([0x1f, 0x8b, 0xff, 0xfe]), 'is not a text file'],
])('%s is refused with the reason', async (_what, content, reason) => {
  await expect(read(content)).rejects.toThrow(reason);
});

test('a missing file and a folder are told apart', async () => {
  await inFolder(async folder => {
    await expect(readPapersFile(join(folder, 'none'))).rejects.toThrow('There is no file');
    await expect(readPapersFile(folder)).rejects.toThrow('is a folder');
  });
});
