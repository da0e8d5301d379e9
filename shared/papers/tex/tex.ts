import {
  afterClass,
  expressionClass,
  fractions,
  framed,
  markers,
  operators,
  spaces,
  stacks,
  switches,
  wrappers,
} from './commands.ts';
import { asScript, operand } from './scripts.ts';
import { signOf } from './signs.ts';
import { accents, blackboard, letters } from './symbols.ts';
import { quantities, quantityText } from './units.ts';

/** Groups nested more deeply are copied as they are, so that hostile input can't exhaust the stack. */
const deepest = 40;

const plainRun = /[^\\{}$^_~]+/y;
const commandName = /[A-Za-z]+/y;
const blanks = /\s+/y;
/** An argument of siunitx, which is read by rules of its own. */
const sourceGroup = /\s*\{[^{}]{0,200}\}/y;
/** Words up to the escaped sign that closes the quotation: `\"agents\"`. */
const quotedWords = /^[^\\"'`{}]+\\["'`](?![\p{L}{])/u;
const longestOption = 80;
/** The longest formula that begins or ends with a space. */
const longestSpaced = 200;
const signedNumber = /-?\d+/y;
const loneCharacter = /[A-Za-z](?![A-Za-z0-9_])/y;
/**
 * A text that can carry an index outside `$…$`: it ends with a single letter, a Greek or other non-ASCII sign, or a
 * closing bracket.
 */
const indexable = /(?:(?:^|[^A-Za-z0-9_])[A-Za-z]|[^\s -~]|[)\]])$/;

/**
 * Turns TeX into the nearest plain text: `$\varepsilon_1$-close` becomes `ε₁-close`. An unknown command is replaced by
 * its argument, or by its name if it has none. docs/tex.md lists the rules. It takes time linear in the text's length
 * and never throws.
 */
export function renderTex(text: string): string {
  let at = 0;
  /** The end of the present `$…$` or `\(…\)`. Before it, every `^` and `_` starts a script. */
  let mathUntil = -1;
  let mathSign = '';

  const inMath = () => at < mathUntil;

  function take(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  }

  /** Renders to the end of the text, or past the `}` that closes the group. */
  function render(group: boolean, depth: number): { content: string; closed: boolean } {
    const out: string[] = [];
    while (at < text.length) {
      const character = text[at] as string;
      if (character === '}' && group) {
        at += 1;
        return { content: out.join(''), closed: true };
      }
      if (character === '\\') out.push(command(depth, lastOf(out)));
      else if (character === '{' && depth < deepest) out.push(looseGroup(depth));
      else if (character === '$') out.push(dollar());
      else if (character === '^' || character === '_') out.push(script(character, lastOf(out), depth));
      else if (character === '~') out.push(tie(lastOf(out)));
      else out.push(take(plainRun) || takeOne());
    }
    return { content: out.join(''), closed: false };
  }

  function takeOne(): string {
    const character = String.fromCodePoint(text.codePointAt(at) ?? 32);
    at += character.length;
    return character;
  }

  /**
   * Renders a group that is no argument. Braces that only group are removed; braces that may be the text's own stay.
   */
  function looseGroup(depth: number): string {
    const math = inMath();
    at += 1;
    const [, first = ''] = /^\s*\\([A-Za-z]+)/.exec(text.slice(at, at + 20)) ?? [];
    const onlyGroups = math || switches.has(first);
    const { content, closed } = render(true, depth + 1);
    if (!closed) return `{${content}`;
    return onlyGroups || /^[^\s,{}]*$/.test(content) ? content : `{${content}}`;
  }

  /** Renders the argument of a command or script: a group, a command or one character. */
  function argument(depth: number): string {
    take(blanks);
    if (at >= text.length || depth >= deepest) return '';
    if (text[at] === '}') return '';
    if (text[at] === '\\') return command(depth + 1, '');
    if (text[at] !== '{') return takeOne();
    at += 1;
    return render(true, depth + 1).content.trim();
  }

  function dollar(): string {
    if (inMath()) return takeOne();
    if (at === mathUntil) {
      at += mathSign.length;
      return '';
    }
    const sign = text.startsWith('$$', at) ? '$$' : '$';
    const start = at + sign.length;
    const end = text.indexOf(sign, start);
    // As in Pandoc. `$5 and $10` is money, as a space stands before the second sign. `$5-$10` is money, as a digit
    // follows the second sign. `$\sim$10` is a formula, and `$ \alpha $` is one by its signs.
    const amounts = sign === '$' && /\d/.test(text[start] ?? '') && /\d/.test(text[end + 1] ?? '');
    if (end < 0 || amounts) return takeOne();
    if (/\s/.test(text[start] ?? ' ') || /[\s\\]/.test(text[end - 1] ?? ' ')) return spacedFormula(sign, start, end);
    at = start;
    mathUntil = end;
    mathSign = sign;
    return '';
  }

  function spacedFormula(sign: string, start: number, end: number): string {
    const content = end - start > longestSpaced ? '' : text.slice(start, end).trim();
    // An escaped sign ends no formula, and would be found again in what is rendered here.
    if (content.endsWith('\\') || !isSpacedFormula(content)) return takeOne();
    at = end + sign.length;
    return renderTex(`$${content}$`);
  }

  function script(sign: '^' | '_', before: string, depth: number): string {
    const math = inMath();
    at += 1;
    if (!math && (before === '' || /\s$/.test(before) || (sign === '^' && before.endsWith('[')))) return sign;
    const next = text[at] ?? '';
    let content = take(signedNumber);
    if (content === '') {
      const clear = math || next === '{' || next === '\\' || (sign === '^' && next === '*');
      if (!clear && !(indexable.test(before) || sign === '^')) return sign;
      content = clear ? argument(depth) : take(loneCharacter);
    } else if (sign === '_' && !math && !(indexable.test(before) && /\W|^$/.test(text[at] ?? ''))) {
      return sign + content;
    }
    return content === '' ? sign : asScript(sign, content);
  }

  /** TeX's unbreakable space. The tilde of `~5%`, `(~5%`, `3~5` and `z~2` stays. */
  function tie(before: string): string {
    at += 1;
    const next = text[at] ?? ' ';
    if (!/[^\s([{<>=≈≤≥/+±|–—-]$/.test(before) || /\s/.test(next)) return '~';
    if (!/\d/.test(next)) return ' ';
    return /\d$/.test(before) || (!inMath() && /(?:^|[^A-Za-z0-9.])[A-Za-z]$/.test(before)) ? '~' : ' ';
  }

  function command(depth: number, before: string): string {
    at += 1;
    const name = take(commandName) || (at < text.length ? takeOne() : '');
    if (name === '') return '';
    if (name === '(' || name === '[') return openMath(name === '(' ? '\\)' : '\\]');
    if (name === ')' || name === ']') return '';
    if (isOfExpression(name)) return `\\${name}`;
    const mark = lookUp(accents, name);
    if (mark !== undefined) return accent(name, mark, before, depth);
    const character = lookUp(spaces, name) ?? signOf(name);
    if (character !== undefined) return character;
    if (!/[A-Za-z]/.test(name)) return name;
    const letter = lookUp(letters, name);
    if (letter !== undefined) {
      take(blanks);
      return letter;
    }
    if (switches.has(name)) {
      take(blanks);
      if (/^(?:left|right)$/.test(name) && text[at] === '.') at += 1;
      return '';
    }
    return commandWithArgument(name, depth, before);
  }

  function commandWithArgument(name: string, depth: number, before: string): string {
    const option = takeOption(name);
    const quantity = takeQuantity(name);
    if (quantity !== undefined) return quantity;
    if (wrappers.has(name)) return argument(depth);
    if (markers.has(name)) {
      if (text[at] === '{') argument(depth);
      return '';
    }
    const parts = lookUp(framed, name);
    if (parts !== undefined) return lastOfArguments(name, parts, depth);
    if (stacks.has(name)) {
      argument(depth);
      return argument(depth);
    }
    if (name === 'footnote') return ` (${argument(depth)})`;
    if (/^[dt]?binom$/.test(name)) return `(${argument(depth)} choose ${argument(depth)})`;
    if (name === 'not') return `${argument(depth)}\u0338`.normalize('NFC');
    if (name === 'mathbb') {
      const letter = argument(depth);
      return lookUp(blackboard, letter) ?? letter;
    }
    if (name === 'textsuperscript') return asScript('^', argument(depth));
    if (name === 'textsubscript') return asScript('_', argument(depth));
    if (fractions.test(name)) return `${operand(argument(depth))}/${operand(argument(depth))}`;
    if (name === 'sqrt') return `${/^\d+$/.test(option) ? asScript('^', option) : ''}√${operand(argument(depth))}`;
    const content = text[at] === '{' ? argument(depth) : '';
    const gap = /[\p{L}\p{N}]$/u.test(before) ? ' ' : '';
    if (!operators.has(name)) return content || gap + name;
    return `${gap}${name}${/^[\p{L}\p{N}]/u.test(content || (text[at] ?? '')) ? ' ' : ''}${content}`;
  }

  /** The text of a framed command. The words of a link may be lost: then its address stays. */
  function lastOfArguments(name: string, parts: number, depth: number): string {
    let last = '';
    for (let part = 1; part <= parts; part += 1) {
      if (/^\s*\{/.exec(text.slice(at, at + 3)) === null) return name === 'href' ? last : '';
      last = argument(depth);
    }
    return last;
  }

  /** A number with its unit, if the command is one of siunitx and has its arguments. */
  function takeQuantity(name: string): string | undefined {
    const kinds = lookUp(quantities, name);
    if (kinds === undefined) return undefined;
    const start = at;
    const sources = kinds.map(() => take(sourceGroup).trim().slice(1, -1));
    if (text.slice(start, at).split('{').length - 1 === kinds.length) return quantityText(name, sources, renderTex);
    at = start;
    return undefined;
  }

  /** The option in brackets between a known command and its argument: 3 in `\sqrt[3]{x}`. A star before it is left out. */
  function takeOption(name: string): string {
    const hasOption =
      wrappers.has(name) ||
      markers.has(name) ||
      name === 'sqrt' ||
      Object.hasOwn(framed, name) ||
      Object.hasOwn(quantities, name);
    if (!hasOption) return '';
    if (text[at] === '*') at += 1;
    const option = text[at] === '[' ? text.slice(at + 1, at + 1 + longestOption) : '';
    const end = option.indexOf(']');
    if (end < 0) return '';
    at += end + 2;
    return option.slice(0, end);
  }

  /** Whether a command is a part of a regular expression, or `\n` in a text about code: no TeX has it there. */
  function isOfExpression(name: string): boolean {
    if (inMath() || !expressionClass.test(name)) return false;
    const next = text.slice(at, at + 12);
    if (afterClass.test(next)) return true;
    return /^[nrt]$/.test(name) && /^(?:[\s"',.;:`]|$)/.test(next);
  }

  function openMath(closing: string): string {
    if (!inMath()) mathUntil = text.indexOf(closing, at);
    // Without an end, the whole rest is a formula: searching again at each opening would cost more than linear time.
    if (mathUntil < 0) mathUntil = text.length;
    return '';
  }

  function accent(name: string, mark: string, before: string, depth: number): string {
    const isWord = /[A-Za-z]/.test(name);
    if (/["'`]/.test(name) && !/[\p{L}\p{N}]$/u.test(before) && quotedWords.test(text.slice(at, at + 160))) return name;
    if (!isWord && /^(?:\s|$)/.test(text[at] ?? '')) return name;
    const base = argument(depth).replace(/^ı/, 'i').replace(/^ȷ/, 'j');
    if (base === '') return isWord ? '' : name;
    const [first = '', ...others] = base;
    const marked = (first + mark).normalize('NFC');
    // Escapes of programs, not accents: `don\'t`, `it\'s`, `\"quoted\"`.
    const precomposed = marked.length === 1;
    const possessive = name === "'" && first === 's' && !/[A-Za-z]/.test(text[at] ?? '');
    if (!isWord && (!precomposed || possessive)) return name + base;
    return marked + others.join('');
  }

  return render(false, 0).content;
}

/** Whether what stands between `$ ` and ` $` is a formula: one letter, or with a command, a raised or a lowered part. */
function isSpacedFormula(content: string): boolean {
  return /^\s*\p{L}\s*$/u.test(content) || /\\[A-Za-z]|\S[_^]\S/.test(content);
}

/** The value in a table; undefined for names of inherited properties, such as `constructor`. */
function lookUp<Value>(table: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The last characters of the output: two of each of the last two pieces. */
function lastOf(out: string[]): string {
  return (out.at(-2) ?? '').slice(-2) + (out.at(-1) ?? '').slice(-2);
}
