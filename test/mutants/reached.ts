import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Mutant, marked, mutated } from './mutants.ts';
import { runVitest } from './vitest.ts';

/** The files of tests that reach each mutant's expression, with the milliseconds that a file takes. */
export interface Reached {
  filesOf(mutant: Mutant): string[];
  durationOf(file: string): number;
}

interface Report {
  testResults: { name: string; startTime: number; endTime: number }[];
}

/**
 * Runs all tests once, in a copy of the project where each of the mutants' expressions notes which file of tests reached it:
 * no other file can notice that fault.
 * @param copy its folder; its code is as before at the end
 */
export async function findReached(copy: string, mutants: readonly Mutant[]): Promise<Reached> {
  const notes = join(copy, '.reached');
  const report = join(copy, '.report.json');
  await writeFile(notes, '');
  const originals = new Map<string, string>();
  for (const file of new Set(mutants.map(mutant => mutant.file))) {
    const text = await readFile(join(copy, file), 'utf8');
    originals.set(file, text);
    const here = [...mutants.entries()].filter(([, mutant]) => mutant.file === file);
    await writeFile(join(copy, file), marked(text, new Map(here)));
  }
  try {
    await runVitest(copy, ['--reporter=json', '--outputFile', report], {
      REACHED: notes,
      NODE_OPTIONS: `--import=${join(copy, 'test/mutants/recorder.mjs')}`,
    });
  } finally {
    for (const [file, text] of originals) await writeFile(join(copy, file), text);
  }
  const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
  const durations = new Map(testResults.map(({ name, startTime, endTime }) => [name, endTime - startTime]));
  const files = new Map<Mutant | undefined, Set<string>>();
  for (const line of (await readFile(notes, 'utf8')).split('\n').filter(Boolean)) {
    const [number, file = ''] = line.split('\t');
    const mutant = mutants[Number(number)];
    files.set(mutant, (files.get(mutant) ?? new Set()).add(file));
  }
  await rm(notes);
  await rm(report);
  return {
    filesOf: mutant => [...(files.get(mutant) ?? [])].filter(file => durations.has(file)),
    durationOf: file => durations.get(file) ?? 0,
  };
}

/** Does something while the fault is in the copy. */
export async function withMutant<Result>(copy: string, mutant: Mutant, use: () => Promise<Result>): Promise<Result> {
  const path = join(copy, mutant.file);
  const before = await readFile(path, 'utf8');
  await writeFile(path, mutated(before, mutant));
  try {
    return await use();
  } finally {
    await writeFile(path, before);
  }
}
