import {
  address,
  advantage,
  announcement,
  availability,
  background,
  contrast,
  cues,
  figure,
  innerMarks,
  marks,
  outlook,
} from './cues.ts';
import { withoutIntroduction } from './introductions.ts';

/*
 * How well a sentence of an abstract tells, with the title alone, what its paper does or finds. Points are added up: "we
 * propose …" has 10 and more, a sentence of background 0 and less. The points were found on half of a set of judged
 * papers (docs/decisions/0070-leads.md).
 */

/** The title's words that tell something, and the paper's own names. */
export interface TitleWords {
  words: string[];
  names: string[];
  /** The first of the names is the title's own. */
  named: boolean;
}

const wordPattern = /[\p{L}\p{N}]{4,}/gu;
const common = new Set(
  'with from into that this their through toward using based when what does can withou over under more than langua model models learni large'.split(
    ' ',
  ),
);
/** Two words are taken for the same when their first letters are. */
const beginningOf = (word: string) => word.toLowerCase().slice(0, 6);
/** A name with a capital or a digit behind its first letter, as it is introduced. */
const introduced =
  /\b(?:introduce|propose|present|develop|release|build|call(?:ed)?|dubbed|named|termed)s? (?:the )?([\p{L}\p{N}][\p{L}\p{N}^+.-]{0,40}[\p{Lu}\p{N}][\p{L}\p{N}+-]*)/gu;

/**
 * Reads a title and the abstract's own names: `MolmoAct2: …` is about MolmoAct2, as is an abstract with "we introduce
 * MolmoAct2".
 */
export function readTitle(title: string, abstract: string): TitleWords {
  const beforeColon = /^([^:]{2,40}):\s/.exec(title)?.[1];
  const own = beforeColon !== undefined && beforeColon.split(' ').length <= 4 ? [beforeColon] : [];
  const whole = title.replace(/:? (?:Technical Report|Report|System Card|Model Card)$/, '');
  if (whole.length > 3 && abstract.includes(whole)) own.push(whole);
  const others = [...abstract.matchAll(introduced)].map(([, name = '']) => name);
  const words = (title.match(wordPattern) ?? []).map(beginningOf).filter(word => !common.has(word));
  return { words: [...new Set(words)], names: [...new Set([...own, ...others])], named: own.length > 0 };
}

/** The share of the title's telling words that a text has, 0 to 1. */
export function coverage(text: string, { words }: TitleWords): number {
  const inText = new Set((text.match(wordPattern) ?? []).map(beginningOf));
  return words.filter(word => inText.has(word)).length / Math.max(1, words.length);
}

/** Whether a sentence tells of code, hopes or the field, so that it does not belong beside a lead either. */
export function isAside(sentence: string): boolean {
  return [announcement, address, availability, outlook, background, contrast, /\?$/].some(pattern =>
    pattern.test(sentence),
  );
}

/**
 * The points of a sentence.
 * @param place the number of sentences before it
 */
export function weigh(sentence: string, place: number, title: TitleWords): number {
  const sum = (patterns: readonly [RegExp, number][], text: string) =>
    patterns.reduce((total, [pattern, points]) => total + (pattern.test(text) ? points : 0), 0);
  const cue = Math.max(0, ...cues.map(([pattern, points]) => (pattern.test(sentence) ? points : 0)));
  const isNamed = title.names.some(name => sentence.includes(name));
  const isSubject = title.names.some(name => sentence.startsWith(name) || sentence.startsWith(`The ${name}`));

  let points = cue + sum(marks, sentence) + sum(innerMarks, withoutIntroduction(sentence));
  points += 4 * coverage(sentence, title);
  if (isSubject) points += cue > 0 ? 1 : 6;
  else if (isNamed) points += 2;
  if (title.named && sentence.includes(title.names[0] ?? '')) points += 2;
  if (advantage.test(sentence) && figure.test(sentence)) points += 2;
  if (cue === 0 && !isSubject) {
    if (background.test(sentence)) points -= 4;
    if (place === 0) points -= 1;
  }
  if (contrast.test(sentence)) points -= cue > 0 ? 1 : 4;
  if (sentence.length < 45) points -= 4;
  else if (sentence.length < 75 && !isNamed) points -= 1.5;
  return points - 0.4 * place;
}
