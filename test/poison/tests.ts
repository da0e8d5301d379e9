import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The outcomes of tests, by their full names: `a list too long`. */
export type Outcomes = Map<string, boolean>;

interface Report {
  testResults: { message: string; assertionResults: { fullName: string; status: string }[] }[];
}

/**
 * Runs tests in a process of their own.
 * @param root the folder of the project, or of a copy of it
 * @param files from there
 * @param names only tests with one of these full names; without it, all
 * @throws Error when a file of tests can't be run
 */
export async function runTests(root: string, files: string[], names?: string[]): Promise<Outcomes> {
  const folder = await mkdtemp(join(tmpdir(), 'daily-papers-poison-'));
  try {
    const report = join(folder, 'report.json');
    const pattern = names && `^(${names.map(escaped).join('|')})$`;
    const args = ['run', '--silent', '--reporter=json', '--outputFile', report, '--no-file-parallelism'];
    if (pattern) args.push('--testNamePattern', pattern);
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', ...args, ...files], {
      cwd: root,
      stdio: 'ignore',
    });
    await new Promise(resolve => child.once('close', resolve));
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report;
    const outcomes: Outcomes = new Map();
    for (const { message, assertionResults } of testResults) {
      if (assertionResults.length === 0) throw new Error(`Tests could not be run: ${message}`);
      for (const { fullName, status } of assertionResults) {
        if (status === 'passed' || status === 'failed') outcomes.set(fullName, status === 'passed');
      }
    }
    return outcomes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
