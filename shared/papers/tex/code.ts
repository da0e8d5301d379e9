import { isCommand } from './commands.ts';

/* Code and paths in texts: their backslashes are no TeX. */

/** Between single backticks: `re.sub("\s", x)`. TeX's quotation marks are doubled, or end with another sign. */
const quotedCode = '(?<!`)`(?!`)[^`\\n&\\ue000-\\uf8ff]+`(?!`)';
/** `C:\Users\name`, `src\main\app.py` */
const path = '(?<![\\w\\\\:-])(?:[A-Z]:\\\\[\\w.\\\\-]+|[\\w-]+\\\\[\\w\\\\-]+\\.[a-z]\\w{0,4}(?!\\w))';

/** The source of an expression that finds code and paths; `isCode` tells which of them hold no TeX. */
export const codeSource = `${quotedCode}|${path}`;

/** Whether what was found is code: in a path, no part has the name of a TeX command. */
export function isCode(found: string): boolean {
  if (found.startsWith('`')) return found.includes('\\');
  return found
    .split('\\')
    .slice(1)
    .every(part => !isCommand(/^[A-Za-z]+/.exec(part)?.[0] ?? ''));
}
