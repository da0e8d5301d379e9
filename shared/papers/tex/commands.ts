import { signOf } from './signs.ts';
import { accents, letters } from './symbols.ts';
import { quantities } from './units.ts';

/* TeX's commands by what becomes of them. */

function names(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

/** Commands that change the look of the following text, or the size of a bracket. They are removed. */
export const switches = names(
  'em it bf sc rm tt sl sf cal frak mit boldmath bfseries mdseries itshape upshape slshape scshape ttfamily rmfamily sffamily ' +
    'normalfont displaystyle textstyle scriptstyle tiny scriptsize small normalsize large Large LARGE huge Huge footnotesize ' +
    'xspace par hline displaylimits centering noindent item protect limits nolimits left right middle big Big bigg Bigg bigl bigr Bigl Bigr',
);
/** Commands that are replaced by their argument. */
export const wrappers = names(
  'emph textbf textit texttt textsc textrm textsf textup textnormal text mbox mathrm mathbf mathit mathsf mathtt ' +
    'mathcal mathfrak mathscr mathop mathrel mathbin boldsymbol bm operatorname underline overline overrightarrow underbrace overbrace ' +
    'ensuremath url',
);
/** Commands that are removed together with their argument. */
export const markers = names(
  'begin end label cite citep citet ref eqref color vspace hspace includegraphics input thanks phantom vphantom hphantom',
);
/** Commands of which the last argument, in braces, is the text. The number is that of all arguments. */
export const framed: Record<string, number> = {
  href: 2,
  textcolor: 2,
  colorbox: 2,
  raisebox: 2,
  scalebox: 2,
  rotatebox: 2,
};
framed.resizebox = 3;
/** Commands that put one argument over or under another, which is the text. */
export const stacks = names('overset underset stackrel');
export const fractions = /^(?:[cdt]|nice|x|s)?frac$/;
/** A regular expression's class of characters, before what may follow one: `\\d+`, `\\w{2,5}`, `[^\\s]`. */
export const expressionClass = /^[bBdDnrsStwW]$/;
export const afterClass = /^(?:[+*?\])|]|\{\d+(?:,\d*)?\})/;
/** Functions. They need a space on both sides. */
export const operators = names(
  'log ln lg exp min max argmin argmax sup inf lim Pr det dim ker deg gcd sin cos tan sinh cosh tanh arg mod',
);
export const spaces: Record<string, string> = { '!': '', '-': '', '/': '', '@': '' };
for (const name of [',', ';', ':', ' ', '\\', '\n', 'quad', 'qquad', 'space', 'newline']) spaces[name] = ' ';

/** Whether TeX has a command of that name, as far as this file knows it. */
export function isCommand(name: string): boolean {
  return (
    signOf(name) !== undefined ||
    [switches, wrappers, markers, operators, stacks].some(known => known.has(name)) ||
    [accents, letters, framed, quantities].some(table => Object.hasOwn(table, name)) ||
    fractions.test(name) ||
    /^(?:mathbb|sqrt|footnote|[dt]?binom|not|textsu[bp]script)$/.test(name)
  );
}
