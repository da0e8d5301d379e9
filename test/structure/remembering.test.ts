import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

/*
 * The files of tests share the modules that remember nothing (`test/fresh-file.ts`). A module that begins to remember something
 * belongs in that file's list, unless it is a cache of what never changes.
 */

/** They hold the same whatever was tried before: what is made from constants, time zones or the object that is the key. */
const unchanging = [
  'shared/digests/compounds.ts',
  'shared/digests/mail-time.ts',
  'shared/digests/thesaurus/thesaurus.ts',
  'shared/email/ses.ts',
  'shared/search/match.ts',
  'shared/sign-up/disposable.ts',
  'shared/time/clock-spans.ts',
  'shared/time/day.ts',
];
/** Those that `test/fresh-file.ts` loads anew. */
const loadedAnew = /^functions\/[^/]+\/handler\.ts$|^shared\/platform\/(damaged|metrics)\.ts$/;

const root = resolve(import.meta.dirname, '../..');
/** At the left margin: a variable, an empty collection, or something that is created or awaited. */
const memory =
  /^(?:export )?(?:let |const \w+(?:: [^=\n]+)? = (?:await |create\w*\(|new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)|\[\]|\{\}))/m;

test('modules of shared/ and functions/ that remember something are loaded anew for each file of tests', () => {
  const files = ['shared', 'functions'].flatMap(folder =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(file => /\.tsx?$/.test(file))
      .map(file => join(folder, file)),
  );
  const found = files.filter(file => memory.test(readFileSync(join(root, file), 'utf8')));
  expect(found.filter(file => !loadedAnew.test(file) && !unchanging.includes(file))).toEqual([]);
  // An entry of the list that is not needed any more is taken out.
  expect(unchanging.filter(file => !found.includes(file))).toEqual([]);
});
