import { existsSync, readdirSync } from 'node:fs';

/* npm run bench -- NAME [options]: runs the file of that name beside this one. */

const ownFiles = new Set(['run.ts', 'generated-papers.ts']);
const names = readdirSync(import.meta.dirname)
  .filter(file => file.endsWith('.ts') && !ownFiles.has(file))
  .map(file => file.slice(0, -3));
const [name = ''] = process.argv.splice(2, 1);
if (names.includes(name) && existsSync(`${import.meta.dirname}/${name}.ts`)) {
  await import(`${import.meta.dirname}/${name}.ts`);
} else {
  process.stderr.write(`Usage: npm run bench -- NAME [options], where NAME is one of: ${names.join(', ')}\n`);
  process.exitCode = 2;
}
