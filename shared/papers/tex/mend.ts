import { greek } from './symbols.ts';

/*
 * The page text loses TeX's backslashes and dollar signs: `\ell_1` arrives as `ell_1`, `2\times` as `2times`. Only
 * forms that can't be English are mended: a `top`, a `times` or an `alpha` version in a sentence stays as it is.
 */

/** Names of symbols that no sentence contains. */
const unmistakable =
  'infty|epsilon|varepsilon|varphi|vartheta|nabla|forall|otimes|oplus|cdots?|ldots|subseteq|supseteq|notin|' +
  'langle|rangle|rightarrow|leftarrow|leftrightarrow|Rightarrow|Leftrightarrow|leq|geq|neq|propto';
/** Names of symbols that are English words. They are symbols only within a script, or as a group of their own. */
const contextual = 'times|circ|approx|sim|pm|mp|in|to|top|bot|star|ast|prime|dagger|cup|cap|perp|le|ge|ne|ell';
/** Commands that lost their backslash but kept their argument. */
const withArgument =
  'mathcal|mathbb|mathbf|mathrm|mathit|mathsf|mathtt|mathfrak|mathscr|textbf|textit|textrm|texttt|textsc|textsf|' +
  'emph|operatorname|boldsymbol|[dtc]?frac|nicefrac|sqrt|href|url|textcolor|tilde|widetilde|hat|widehat|overline|underline';
const greekName = Object.keys(greek).join('|');

const bareCommand = new RegExp(`(?<![A-Za-z\\\\])(${withArgument})(?=\\{)`, 'g');
/** A fraction of two digits: `frac12`. */
const bareFraction = /(?<![A-Za-z\\])([dtc]?frac)(?=\d{2}(?!\d))/g;
/** A link that lost its command, and perhaps a brace. The character stands for a web address (text.ts). */
const bareLink = /(?<![A-Za-z\\{\]*])\{?([\ue100-\uf0ff])\}(?=\{)/g;
const bareSymbol = new RegExp(`(?<![A-Za-z\\\\'’])(${unmistakable})(?![A-Za-z'’])`, 'g');
/** Names of two letters are none within a word such as `15q2gg`. */
const shortSymbol = /(?<![\w\\'’])(ll|gg)(?![\w'’])/g;
const bareSwitch = /\{(em|it|bf|sc|sl|tt|cal|frak)(?=\s)/g;
/** An accent or alphabet that lost its backslash, before one capital: `widetilde O(n)`. */
const bareAccent =
  /(?<![A-Za-z\\])(widetilde|widehat|overline|mathcal|mathbb|mathbf|mathrm|mathfrak)(?=\s\p{Lu}(?!\p{L}))/gu;
/** The size of a bracket: `Obig(n` was `O\big(n`. */
const bareSize = /(?<![A-Za-z][a-z]|\\)(?:big|Big|bigg|Bigg)[lr]?(?=[()[\]|])/g;
/** A colour around words. */
const bareColor = /(?<![A-Za-z\\])(?:black|blue|red|green|gray|orange|purple|cyan|magenta)\{([^{}]+)\}/g;
/** A sign that is alone in its braces, so that TeX leaves no space around it: `4{,}851`. */
const loneSign = /(?<![_^])\{([,.:=<>+-])\}/g;
const loneGroup = new RegExp(`\\{(${unmistakable}|${contextual}|${greekName})\\}`, 'g');
const scriptGroup = /[_^]\{[^{}\\]{1,200}\}/g;
const gluedGreek = new RegExp(`(?<![A-Za-z\\\\])(${greekName})(circ|times|cdot|otimes|oplus)(?![A-Za-z])`, 'g');
const wordInScript = new RegExp(`(?<![A-Za-z\\\\])(${unmistakable}|${contextual})(?![A-Za-z])`, 'g');
const raisedSymbol = new RegExp(`\\^(${contextual}|infty)(?![A-Za-z])`, 'g');
const greekInFormula = new RegExp(
  `(?<![A-Za-z\\\\])(?:${greekName})(?=[_^(]|\\s?=)|(?<=[_^{])(?:${greekName})(?![A-Za-z])|` +
    '(?<![A-Za-z\\\\])(?:Omega|Theta)(?= \\()',
  'g',
);
/**
 * `&#x2014;` without its first or last characters. Codes that could be a year (`x2019`) need letters on both sides or
 * on none.
 */
const bareEntity =
  /(?<![\dA-Za-z])#?x(20(?:1[0-589cd]|2[26])|00[a-f][\da-f]);?|(?<=[a-z])x(201[cd]|201[0-589](?=[a-z]))/g;

/** Restores the backslashes of TeX commands, and the character that a damaged entity such as `x2014` stands for. */
export function mendTex(text: string): string {
  return mendGreek(
    text
      .replace(bareEntity, (_, alone?: string, glued?: string) =>
        String.fromCodePoint(Number.parseInt(alone ?? glued ?? '20', 16)),
      )
      .replace(loneSign, '$1')
      .replace(bareColor, '$1')
      .replace(bareSize, '')
      .replace(bareAccent, '\\$1')
      .replace(bareSwitch, '{\\$1')
      .replace(bareCommand, '\\$1')
      .replace(bareFraction, '\\$1')
      .replace(bareLink, '\\href{$1}')
      .replace(/(?<![A-Za-z\\])ell(?=[_^])/g, '\\ell')
      .replace(loneGroup, '{\\$1}')
      .replace(gluedGreek, '\\$1\\$2')
      .replace(scriptGroup, group => group.replace(wordInScript, '\\$1'))
      .replace(raisedSymbol, '^\\$1')
      .replace(bareSymbol, '\\$1')
      .replace(shortSymbol, '\\$1')
      // `2times fewer`, `3 times 3`, `sim0.6`, `approx 5`, `M in R^{n}`
      .replace(/(?<=\d)times(?![A-Za-z])/g, '\\times')
      .replace(/(?<=(?:^|[\s(])\d{1,6} )times(?= \d)/g, '\\times')
      .replace(/(?<![A-Za-z\\])(sim|approx)(?=\s?\d[\d.,]{0,12}(?![\d.,]|[A-Za-z]{3}))/g, '\\$1')
      .replace(/(?<= )in (?=[RCNQZ][\^_]|\\mathbb)/g, '\\in ')
      .replace(/(?<=\\in )([RCNQZ])(?=[\^_])/g, '\\mathbb $1'),
  );
}

/** A Greek name that is a symbol in one place of the text (`alpha^2`) is the same symbol everywhere in it. */
function mendGreek(text: string): string {
  const inFormulas = new Set(text.match(greekInFormula));
  if (inFormulas.size === 0) return text;
  const everywhere = new RegExp(`(?<![A-Za-z\\\\])(${[...inFormulas].join('|')})(?![A-Za-z])`, 'g');
  return text.replace(everywhere, '\\$1');
}
