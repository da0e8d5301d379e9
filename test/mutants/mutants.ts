import { parseSync } from 'oxc-parser';

/* Small faults that a developer could write into the code by mistake, one at a time: a test should notice each. */

/** A fault: in `file`, the text from `start` to `end` (UTF-16 units) becomes `instead`. */
export interface Mutant {
  file: string;
  line: number;
  start: number;
  end: number;
  instead: string;
  /** The expression that it is part of. */
  around: Pick<Node, 'start' | 'end'>;
  /** `a < b` became `a <= b`, as one line. */
  what: string;
}

const operators: Record<string, string> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
  '&&': '||',
  '||': '&&',
  '??': '&&',
};

interface Node {
  type: string;
  start: number;
  end: number;
  operator?: string;
  left?: Node;
  right?: Node;
  argument?: Node;
  test?: Node;
  value?: unknown;
  key?: unknown;
  computed?: boolean;
  callee?: { object?: { name?: string; property?: { name?: string } } };
}

const isNode = (node: unknown): node is Node => typeof node === 'object' && node !== null && 'type' in node;

/** Code that no test has to watch: types, and the words of log lines. */
function isLeftOut({ type, callee }: Node): boolean {
  const called = callee?.object?.name ?? callee?.object?.property?.name;
  return (
    (type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(type)) ||
    type === 'ImportDeclaration' ||
    called === 'logger'
  );
}

/** Every fault that can be made in a file by turning a comparison, a sign, a condition or a constant. */
export function mutantsOf(file: string, text: string): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (node: Pick<Node, 'start' | 'end'>, instead: string, around: Pick<Node, 'start' | 'end'> = node) => {
    const before = text.slice(around.start, around.end).replace(/\s+/g, ' ').slice(0, 80);
    const was = text.slice(node.start, node.end).replace(/\s+/g, ' ').slice(0, 60);
    const line = text.slice(0, node.start).split('\n').length;
    mutants.push({
      file,
      line,
      start: node.start,
      end: node.end,
      instead,
      around: { start: around.start, end: around.end },
      what: `${was} → ${instead.slice(0, 60)}  in  ${before}`,
    });
  };
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) for (const one of node) visit(one);
    if (!isNode(node) || isLeftOut(node)) return;
    const { type, operator = '', left, right, argument, test, value, computed } = node;
    if ((type === 'BinaryExpression' || type === 'LogicalExpression') && left && right && operator in operators) {
      const at = text.indexOf(operator, left.end);
      if (at >= 0 && at < right.start && !isText(left) && !isText(right)) {
        add({ start: at, end: at + operator.length }, operators[operator] ?? '', node);
      }
    }
    if ((type === 'IfStatement' || type === 'ConditionalExpression') && test) {
      add(test, `!(${text.slice(test.start, test.end)})`, test);
    }
    if (type === 'UnaryExpression' && operator === '!' && argument) add(node, text.slice(argument.start, argument.end));
    if (type === 'Literal' && typeof value === 'number') add(node, String(value + 1));
    if (type === 'Literal' && typeof value === 'boolean') add(node, String(!value));
    // A key that is no expression can't be marked.
    const { key, ...withoutKey } = node;
    for (const child of Object.values(computed ? node : withoutKey)) visit(child);
  };
  visit(parseSync(file, text).program);
  return mutants;
}

/** Text that is put together with `+` is no sum. */
const isText = ({ type, value }: Node) =>
  type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');

/** The file's text with the fault in it. */
export function mutated(text: string, { start, end, instead }: Mutant): string {
  return text.slice(0, start) + instead + text.slice(end);
}

/** The file's text, in which each of these expressions calls `reachMutant` with the mutant's number before it is worked out. */
export function marked(text: string, mutants: ReadonlyMap<number, Mutant>): string {
  const marks = [...mutants].flatMap(
    ([
      number,
      {
        around: { start, end },
      },
    ]) => [
      { at: start, size: end - start, text: `(globalThis.reachMutant?.(${number}), ` },
      { at: end, size: start - end, text: ')' },
    ],
  );
  // At one place, expressions end from the inside out, and begin from the outside in.
  marks.sort((a, b) => a.at - b.at || (a.size < 0 ? 0 : 1) - (b.size < 0 ? 0 : 1) || b.size - a.size);
  let result = '';
  let from = 0;
  for (const { at, text: mark } of marks) {
    result += text.slice(from, at) + mark;
    from = at;
  }
  return result + text.slice(from);
}

/** Some of the items, the same for the same seed. */
export function sampleOf<Item>(items: readonly Item[], most: number, seed: number): Item[] {
  const left = [...items];
  const taken: Item[] = [];
  let state = seed >>> 0;
  while (taken.length < most && left.length > 0) {
    // Mulberry32.
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    const random = ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    taken.push(...left.splice(Math.floor(random * left.length), 1));
  }
  return taken;
}
