import { sentencesOf } from './sentences.ts';

/** Words after which no text may break off: they promise another. */
const promising = new Set(
  (
    'a about above across after against all also although among an and any are as at be because been before being below between both ' +
    'but by can could did do does down during each either every few for from had has have how if in into is it its just like many may ' +
    'more most much must no nor not of off on only onto or other our out over own per rather same should since so some such than that ' +
    'the their them then there these they this those though through to toward towards under until up upon very via was we were ' +
    'what when where whether which while who whose why will with within without would yet you your vs e.g i.e'
  ).split(' '),
);

/** Whether a word, as it stands in a text, promises another after it. */
export function isPromising(word: string): boolean {
  const [letters = ''] = /[\p{L}\p{N}][\p{L}\p{N}.’'-]*/u.exec(word.toLowerCase()) ?? [];
  return promising.has(letters.replace(/\.$/, ''));
}

/**
 * A text of at most so many UTF-16 units: the sentences that fit, or else the beginning of the first, with an ellipsis
 * after a word that may stand last.
 * @param text readable text
 */
export function cutText(text: string, most: number): string {
  const whole = text.trim();
  if (whole.length <= most) return whole;
  if (most < 1) return '';
  let fitting = '';
  // One sentence more than may fit shows where the last one that fits ends.
  for (const sentence of sentencesOf(whole.slice(0, most + 3)).slice(0, -1)) {
    const longer = fitting === '' ? sentence : `${fitting} ${sentence}`;
    if (longer.length > most) break;
    fitting = longer;
  }
  return fitting || `${cutWords(whole, most - 1)}…`;
}

/** The words that fit. A word without end is cut, but not within a character. */
function cutWords(text: string, most: number): string {
  const room = text.slice(0, most);
  const atWord = /\s/.test(text.charAt(most)) ? room : room.replace(/(?<!\s)\s+\S*$/, '');
  const words = atWord.trimEnd().split(' ');
  // A sign that stands alone, ":" or "–", ends no text, and the word before it may promise another.
  while (words.length > 1 && (isPromising(words.at(-1) ?? '') || /^[\s,;:([–—-]*$/.test(words.at(-1) ?? '')))
    words.pop();
  return words
    .join(' ')
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/(?<![\s,;:([–—-])[\s,;:([–—-]+$/, '');
}
