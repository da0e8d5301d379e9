import { kinds } from './kinds.ts';
import { rows } from './rows.ts';
import type { Outcomes } from './tests.ts';

/** Characters of a column: the longest word of a kind. */
const width = 10;

/** The cells that make sense: the full names of their tests. */
export const cells = Object.entries(rows).flatMap(([row, { things }]) =>
  kinds.filter(kind => typeof things[kind] !== 'string').map(kind => `${row} ${kind}`),
);

/** The table as text, by what became of its cells, and below it why there are no others. */
export function tableText(outcomes: Outcomes): string[] {
  const names = Object.keys(rows);
  const first = Math.max(...names.map(({ length }) => length)) + 2;
  const heads = kinds.map(wrapped);
  const height = Math.max(...heads.map(({ length }) => length));
  const lines = Array.from({ length: height }, (_, line) => [
    ''.padEnd(first),
    ...heads.map(head => (head[line] ?? '').padEnd(width + 1)),
  ]);
  const reasons = new Map<string, string[]>();
  for (const [row, { things }] of Object.entries(rows)) {
    const marks = kinds.map(kind => {
      const thing = things[kind];
      if (typeof thing !== 'string') return markOf(outcomes.get(`${row} ${kind}`));
      reasons.set(thing, [...(reasons.get(thing) ?? []), `${row}, ${kind}`]);
      return '–';
    });
    lines.push([row.padEnd(first), ...marks.map(mark => mark.padEnd(width + 1))]);
  }
  const why = [...reasons].map(([reason, where]) => `– ${where.join('; ')}: ${reason}`);
  return [...lines.map(line => line.join('').trimEnd()), '', ...why];
}

function markOf(passed: boolean | undefined): string {
  if (passed === undefined) return 'not run';
  return passed ? '✓' : '✗';
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.replaceAll('-', '- ').split(' ')) {
    const last = lines.at(-1);
    const joined = last?.endsWith('-') ? `${last}${word}` : `${last} ${word}`;
    if (last !== undefined && joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines;
}
