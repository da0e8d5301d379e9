import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

/** The folders that a copy lacks, or has as a link. */
const leftBehind = new Set(['.git', '.local', 'cdk.out', 'node_modules']);

/** Does something in a copy of the project, whose code can be changed there, and never in the project itself. */
export async function inCopy(root: string, use: (copy: string) => Promise<void>): Promise<void> {
  const copy = await mkdtemp(join(tmpdir(), 'daily-papers-copy-'));
  try {
    await cp(root, copy, { recursive: true, filter: path => !leftBehind.has(relative(root, path)) });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'dir');
    await use(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
