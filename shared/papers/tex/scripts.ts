import { subscripts, superscripts } from './symbols.ts';

/** A part of a fraction or root, in brackets unless it is a single number or word. */
export function operand(content: string): string {
  return /^√?[\p{L}\p{N}\p{M}.]*$/u.test(content) ? content : `(${content})`;
}

/**
 * `x^{2}` as `x²`. A script without raised or lowered characters stays behind its sign, in brackets unless it is one
 * word.
 */
export function asScript(sign: '^' | '_', content: string): string {
  const map = sign === '^' ? superscripts : subscripts;
  const compact = [...content.replace(/\s+/g, '')];
  const isWord = /[A-Za-z]{2}/.test(content) && sign === '_';
  if (!isWord && compact.every(character => map.has(character))) {
    return compact.map(character => map.get(character)).join('');
  }
  return /^(?:[\p{L}\p{N}.]+|\S)$/u.test(content) ? sign + content : `${sign}(${content})`;
}
