import { accents, blackboard, letters, subscripts, superscripts, symbols } from './symbols.ts';

/** Groups nested more deeply are copied as they are, so that hostile input can't exhaust the stack. */
const deepest = 40;

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/** Commands that change the look of the following text, or the size of a bracket. They are removed. */
const switches = names(
  'em it bf sc rm tt sl sf bfseries itshape scshape ttfamily normalfont displaystyle textstyle small large Large ' +
    'footnotesize centering noindent item protect limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr',
);
/** Commands that are replaced by their argument. */
const wrappers = names(
  'emph textbf textit texttt textsc textrm textsf textup textnormal text mbox mathrm mathbf mathit mathsf mathtt ' +
    'mathcal mathfrak mathscr boldsymbol bm operatorname underline overline url',
);
/** Commands that are removed together with their argument. */
const markers = names('begin end label cite citep citet ref eqref color vspace hspace');
/** Functions. They need a space on both sides. */
const operators = names(
  'log ln lg exp min max argmin argmax sup inf lim Pr det dim ker deg gcd sin cos tan sinh cosh tanh arg mod',
);
const spaces: Record<string, string> = { '!': '', '-': '', '/': '', '@': '' };
for (const name of [',', ';', ':', ' ', '\\', '\n', 'quad', 'qquad', 'space', 'newline']) spaces[name] = ' ';

const plainRun = /[^\\{}$^_~]+/y;
const commandName = /[A-Za-z]+/y;
const blanks = /\s+/y;
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
    const onlyGroups = math || /^\s*\\(?:em|it|bf|sc|rm|tt|sl|sf)\b/.test(text.slice(at, at + 20));
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
    // follows the second sign. `$\sim$10` is a formula.
    const amounts = sign === '$' && /\d/.test(text[start] ?? '') && /\d/.test(text[end + 1] ?? '');
    const money = end < 0 || /[\s\\]/.test(text[end - 1] ?? ' ') || amounts;
    if (money || /\s/.test(text[start] ?? ' ')) return takeOne();
    at = start;
    mathUntil = end;
    mathSign = sign;
    return '';
  }

  function script(sign: '^' | '_', before: string, depth: number): string {
    const math = inMath();
    at += 1;
    if (!math && (before === '' || /\s$/.test(before))) return sign;
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

  /** TeX's unbreakable space. The tilde of `~5%` and `3~5` stays. */
  function tie(before: string): string {
    at += 1;
    const next = text[at] ?? ' ';
    if (!/\S$/.test(before) || /\s/.test(next)) return '~';
    return /\d$/.test(before) && /\d/.test(next) ? '~' : ' ';
  }

  function command(depth: number, before: string): string {
    at += 1;
    const name = take(commandName) || (at < text.length ? takeOne() : '');
    if (name === '') return '';
    if (name === '(' || name === '[') return openMath(name === '(' ? '\\)' : '\\]');
    if (name === ')' || name === ']') return '';
    const mark = lookUp(accents, name);
    if (mark !== undefined) return accent(name, mark, depth);
    const character = lookUp(spaces, name) ?? lookUp(symbols, name);
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
    if (wrappers.has(name)) return argument(depth);
    if (markers.has(name)) {
      if (text[at] === '{') argument(depth);
      return '';
    }
    if (name === 'mathbb') {
      const letter = argument(depth);
      return lookUp(blackboard, letter) ?? letter;
    }
    if (name === 'textsuperscript') return asScript('^', argument(depth));
    if (name === 'textsubscript') return asScript('_', argument(depth));
    if (name === 'href' || name === 'textcolor') {
      argument(depth);
      return argument(depth);
    }
    if (/^[dt]?frac$/.test(name)) return `${operand(argument(depth))}/${operand(argument(depth))}`;
    if (name === 'sqrt') return `√${operand(argument(depth))}`;
    const content = text[at] === '{' ? argument(depth) : '';
    const gap = /[\p{L}\p{N}]$/u.test(before) ? ' ' : '';
    if (!operators.has(name)) return content || gap + name;
    return `${gap}${name}${/^[\p{L}\p{N}]/u.test(content || (text[at] ?? '')) ? ' ' : ''}${content}`;
  }

  function openMath(closing: string): string {
    if (!inMath()) mathUntil = text.indexOf(closing, at);
    // Without an end, the whole rest is a formula: searching again at each opening would cost more than linear time.
    if (mathUntil < 0) mathUntil = text.length;
    return '';
  }

  function accent(name: string, mark: string, depth: number): string {
    const isWord = /[A-Za-z]/.test(name);
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

/** The value in a table; undefined for names of inherited properties, such as `constructor`. */
function lookUp(table: Record<string, string>, name: string): string | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The last characters of the output: two of each of the last two pieces. */
function lastOf(out: string[]): string {
  return (out.at(-2) ?? '').slice(-2) + (out.at(-1) ?? '').slice(-2);
}

/** A part of a fraction or root, in brackets unless it is a single number or word. */
function operand(content: string): string {
  return /^√?[\p{L}\p{N}\p{M}.]*$/u.test(content) ? content : `(${content})`;
}

/**
 * `x^{2}` as `x²`. A script without raised or lowered characters stays behind its sign, in brackets unless it is one
 * word.
 */
function asScript(sign: '^' | '_', content: string): string {
  const map = sign === '^' ? superscripts : subscripts;
  const compact = [...content.replace(/\s+/g, '')];
  const isWord = /[A-Za-z]{2}/.test(content) && sign === '_';
  if (!isWord && compact.every(character => map.has(character))) {
    return compact.map(character => map.get(character)).join('');
  }
  return /^[\p{L}\p{N}]+$/u.test(content) ? sign + content : `${sign}(${content})`;
}
