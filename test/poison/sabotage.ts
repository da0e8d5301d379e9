import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { CommandError } from '../../cli/command-line.ts';
import { inCopy } from '../support/copy.ts';
import { runTests } from './tests.ts';

/** A safeguard of the product's code, how to take it out, and the tests that then must fail. */
export interface Sabotage {
  /** The behaviour that it breaks, as a sentence about the code as it is. */
  name: string;
  file: string;
  /** Stands in the file exactly once. */
  text: string;
  instead: string;
  /** Full names of tests, by their files. */
  reddens: Record<string, string[]>;
}

export interface SabotageResult extends Pick<Sabotage, 'name' | 'file'> {
  /** Tests that failed, as they should, and those that did not. */
  red: string[];
  green: string[];
}

/**
 * Takes out each safeguard in a copy of the project, never in the project itself, and runs the tests that must miss it.
 * @throws CommandError when the text of a safeguard is not in its file any more
 */
export async function sabotageAll(
  root: string,
  sabotages: readonly Sabotage[],
  onDone: () => void,
): Promise<SabotageResult[]> {
  const faults = await Promise.all(sabotages.map(sabotage => faultOf(root, sabotage)));
  const found = faults.filter(fault => fault !== undefined);
  if (found.length > 0) throw new CommandError(found.join('\n'));
  const waiting = [...sabotages];
  const results = new Map<Sabotage, SabotageResult>();
  await Promise.all(
    Array.from({ length: Math.min(2, availableParallelism(), sabotages.length) }, () =>
      inCopy(root, async copy => {
        for (let next = waiting.shift(); next; next = waiting.shift()) {
          results.set(next, await sabotageOne(copy, next));
          onDone();
        }
      }),
    ),
  );
  return sabotages.flatMap(sabotage => results.get(sabotage) ?? []);
}

/** The reason why a safeguard can’t be taken out; undefined when it can. */
export async function faultOf(root: string, { name, file, text }: Sabotage): Promise<string | undefined> {
  const found = (await readFile(join(root, file), 'utf8')).split(text).length - 1;
  return found === 1 ? undefined : `${file} has the text of "${name}" ${found} times: ${JSON.stringify(text)}`;
}

async function sabotageOne(copy: string, { name, file, text, instead, reddens }: Sabotage): Promise<SabotageResult> {
  const path = join(copy, file);
  const before = await readFile(path, 'utf8');
  await writeFile(
    path,
    before.replace(text, () => instead),
  );
  try {
    const names = Object.values(reddens).flat();
    const outcomes = await runTests(copy, Object.keys(reddens), names);
    const missing = names.filter(each => !outcomes.has(each));
    if (missing.length > 0) throw new CommandError(`"${name}" names tests that there are not: ${missing.join('; ')}`);
    const red = names.filter(each => outcomes.get(each) === false);
    return { name, file, red, green: names.filter(each => !red.includes(each)) };
  } finally {
    await writeFile(path, before);
  }
}
