import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import { parseSync } from 'oxc-parser';
import { analyse } from 'scslre';

/*
 * Finds regular expressions whose time grows faster than their text: a stranger's 100 KB would stall everybody. By two ways, as each
 * misses what the other sees: scslre reads the expression, and a measurement tries it on repetitions of its own parts.
 */

const root = resolve(import.meta.dirname, '../..');
const folders = ['shared', 'functions', 'infra', 'cli', 'local', 'doctor'];

export interface Expression {
  /** `shared/papers/text.ts` */
  file: string;
  pattern: string;
  flags: string;
}

/** A call of `RegExp` whose pattern is made when it is called: a developer has to read it. */
export interface MadeExpression {
  file: string;
  source: string;
  /** Within a function; else it is made when the file is imported. */
  late: boolean;
}

/** Every regular expression of the product's code. */
export function findExpressions(): { written: Expression[]; made: MadeExpression[] } {
  const written: Expression[] = [];
  const made: MadeExpression[] = [];
  for (const file of folders.flatMap(filesIn)) {
    const text = readFileSync(join(root, file), 'utf8');
    const visit = (node: unknown, late: boolean): void => {
      if (Array.isArray(node)) for (const one of node) visit(one, late);
      if (!isNode(node)) return;
      const { type, regex, callee, start, end } = node;
      if (type === 'Literal' && regex) written.push({ file, ...regex });
      if ((type === 'NewExpression' || type === 'CallExpression') && callee?.name === 'RegExp') {
        made.push({ file, source: text.slice(start, end).replace(/\s+/g, ' '), late });
      }
      for (const value of Object.values(node)) visit(value, late || type.includes('Function'));
    };
    visit(parseSync(file, text).program, false);
  }
  return { written, made };
}

interface Node {
  type: string;
  start: number;
  end: number;
  regex?: { pattern: string; flags: string };
  callee?: { name?: string };
}

const isNode = (node: unknown): node is Node & Record<string, unknown> =>
  typeof node === 'object' && node !== null && typeof (node as Node).type === 'string';

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => /\.tsx?$/.test(file))
    .map(file => join(folder, file));
}

const parser = new RegExpParser({ ecmaVersion: 2024 });

/** @returns why an expression is not linear; undefined when nothing was found */
export function whyNotLinear({ pattern, flags }: Pick<Expression, 'pattern' | 'flags'>): string | undefined {
  // A slash needs no escape in the text of a pattern that was made.
  const parsed = parser.parseLiteral(String(new RegExp(pattern, flags)));
  const [report] = analyse(parsed, { reportTypes: { Move: true, Self: true, Trade: true } }).reports;
  if (report) return `${report.exponential ? 'exponential' : 'quadratic'} by its form (${report.type})`;
  return measured(parsed.pattern, new RegExp(pattern, flags));
}

/** Characters of the text that is tried. */
const length = 5_000;
/** How much longer the text is on which the time must not have grown much faster. */
const times = 4;
/** Milliseconds below which the shorter text is not looked at again. */
const unsuspicious = 0.4;

/** How often something must be able to repeat for its time to matter. */
const longLoop = 20;

function measured(pattern: AST.Pattern, expression: RegExp): string | undefined {
  let loops = 0;
  visitRegExpAST(pattern, { onQuantifierEnter: ({ max }) => (loops += max >= longLoop ? 1 : 0) });
  if (loops === 0) return undefined;
  const parts = partsOf(pattern);
  for (const pump of new Set(parts.flatMap(part => [part, ...parts.map(other => part + other)]))) {
    const textOf = (characters: number) => `${pump.repeat(Math.ceil(characters / pump.length))}\0`;
    // An exponential one would not come back from the whole text.
    for (let short = 16; short < length; short = Math.ceil(short * (short < 100 ? 1.3 : 3))) {
      if (quickest(expression, textOf(short), 8) > 8) return `slow on ${short} characters of ${JSON.stringify(pump)}`;
    }
    const first = quickest(expression, textOf(length), unsuspicious);
    if (first < unsuspicious) continue;
    // A slow expression shows its growth on shorter texts, too, as long as these take the time that is suspicious.
    let tried = length;
    while (quickest(expression, textOf(tried / 2), unsuspicious) >= unsuspicious) tried /= 2;
    const grown = () => quickest(expression, textOf(times * tried), 0) / quickest(expression, textOf(tried), 0);
    const growth = Math.min(grown(), grown());
    if (growth > 2.5 * times) {
      return `quadratic on ${JSON.stringify(pump)}: ${growth.toFixed(0)} times the time for ${times} times the text`;
    }
  }
  return undefined;
}

/** The shortest of a few runs over a whole text, in milliseconds of the processor; one below `enough` will do. */
function quickest(expression: RegExp, text: string, enough: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5 && best > enough; run += 1) {
    const begin = process.cpuUsage();
    expression.lastIndex = 0;
    while (expression.test(text) && expression.lastIndex > 0 && expression.lastIndex < text.length) {
      // A sticky or global one goes on behind what it found.
    }
    const { user, system } = process.cpuUsage(begin);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const examples = { digit: '1', space: ' ', word: 'a', any: 'a', property: 'A' } as const;

/** Single characters and whole words that mean something to the expression. */
function partsOf(pattern: AST.Pattern): string[] {
  const characters = new Set<string>();
  const words = new Set<string>();
  visitRegExpAST(pattern, {
    onCharacterEnter: ({ value }) => characters.add(String.fromCodePoint(value)),
    onCharacterSetEnter: ({ kind }) => characters.add(examples[kind]),
    onAlternativeEnter: ({ elements }) => {
      const text = elements.map(one => (one.type === 'Character' ? String.fromCodePoint(one.value) : '\0')).join('');
      for (const word of text.split('\0')) if (word.length > 1) words.add(word);
    },
  });
  return [...new Set([...words, ...[...characters].slice(0, 12), ' ', 'a', '1', '\n'])];
}
