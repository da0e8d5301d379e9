/*
 * Splits a readable text into sentences, by rules of our own: `Intl.Segmenter` depends on the runtime's version, and
 * neither it nor the libraries know `et al.`, `e.g.` and lost spaces (docs/decisions/0070-leads.md).
 */

/** A possible end: stops, then what closes with the sentence. */
const possibleEnd = /[.!?]+[)\]”’"'»]*/gu;
/** Abbreviations in front of what they introduce: they never end a sentence. */
const introducing =
  /(?:^|[\s([“"])(?:e\.\s?g|i\.\s?e|cf|vs|viz|resp|approx|ca|[Ff]igs?|[Ee]qs?|[Ss]ecs?|[Rr]efs?|[Tt]abs?|[Cc]h|[Nn]os?|[Vv]ol|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Dr|Prof|Mr|Mrs|Ms|St|arXiv)\.$/u;
/** Abbreviations, initials, and letters with stops (`U.S.`), which end a sentence only before a word that begins one. */
const ambiguous =
  /(?:^|[\s([“"])(?:al|pp|Inc|Corp|Ltd|Co|Jr|Sr|w\.r\.t|a\.k\.a|s\.t|Ph\.D|\p{Lu}|(?:\p{L}\.)+\p{L})\.$/u;
/** The number of an enumeration: `1. Fast` at the beginning or after a stop, a colon or a semicolon. */
const enumerator = /(?:^|[.!?:;]\s)[([]?(?:\d{1,2}|[ivx]{1,4}|[a-h])\.$/u;
/** A later point of an enumeration that a question or an exclamation is in: `(1) Why? (2) How?`. */
const laterPoint = /^\s*\((?:[2-9]|1\d|i{2,3}|iv|v|vi{1,3}|[b-h])\)/u;
/** Words that begin sentences rather than names. */
const starters = new Set(
  (
    'A Across Additionally After Although All Also Among An Analysis And Another As At Based Because Beyond Both Building But By Code Codes ' +
    'Comprehensive Compared Concretely Consequently Conversely Crucially Current Data Despite Directly Does Drawing Each Empirical ' +
    'Empirically Evaluated Evaluation Evaluations Even Every Existing Experimental Experiments Extensive Finally First For From ' +
    'Furthermore Further Given Hence Here How However If Importantly In Indeed Inspired Instead Is It Its Leveraging Many Meanwhile ' +
    'Models Moreover Most Motivated Much Nevertheless No Nonetheless Not Notably On Once One Our Overall People Prior Previous ' +
    'Project Rather Recent Recently Results Second Several Similarly Since So Some Specifically Such Surprisingly Taken Than That The ' +
    'Their Then Theoretically There Therefore These They Third This Those Though Through Thus To Today Together Toward Towards Two ' +
    'Under Unlike Until Using Various Via We What When Where Whether Which While Why With Within Without Yet You'
  ).split(' '),
);
const nextWord = /^[“"'([]*([\p{L}\p{M}'’-]*)/u;
/** A sentence begins, after a space, with one of these: a capital, a number, a quote, a bracket, or a name such as `vLLM` or `τ-bench`. */
const beginning =
  /^\s+(?:[“"'‘([<]*[\p{Lu}\p{Lt}\p{Lo}\p{N}$€£§]|[“"'‘([]*(?:\p{Ll}{1,3}\p{Lu}|\p{Script=Greek})|\([a-hivx]{1,4}\)\s)/u;
/** After a stop without a space: a word as no name, address or program has it. */
const glued = /^(?:A|I|\p{Lu}\p{Ll}+)(?=[\s,’'-])/u;
/** Before it: a number or a bracket, or a word, which is in small letters unless what follows begins many sentences. */
const numberBefore = /[\p{N}%×)\]”"][.!?]+[)\]”’"'»]*$/u;
const smallBefore = /(?:^|[\s(“"-])\p{Ll}{3,30}[.!?]+[)\]”’"'»]*$/u;
const wordBefore = /\p{L}{2}[.!?]+[)\]”’"'»]*$/u;

/** Characters before a stop that the rules read: enough for each abbreviation. */
const readBack = 24;

/** The sentences of a readable text on one line, in order, without blanks around them. Takes linear time. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const found of text.matchAll(possibleEnd)) {
    const end = found.index + found[0].length;
    const before = text.slice(Math.max(start, found.index - readBack), found.index + 1).trimStart();
    if (!endsSentence(before, found[0], text.slice(end, end + 40), text.slice(Math.max(start, end - readBack), end))) {
      continue;
    }
    sentences.push(text.slice(start, end).trim());
    start = end;
  }
  return [...sentences, text.slice(start).trim()].filter(Boolean);
}

/**
 * @param before the text to the first stop, with it
 * @param stop the stops and closing signs
 * @param after the text behind them
 * @param whole the text to the end of the closing signs
 */
function endsSentence(before: string, stop: string, after: string, whole: string): boolean {
  if (after.trim() === '') return false;
  if (/^[?!]/.test(stop) && laterPoint.test(after)) return false;
  const [, next = ''] = nextWord.exec(after.trimStart()) ?? [];
  if (!/^\s/.test(after)) {
    // A lost space. `Bridge.Board` and `numpy.Array(` are no such words: a space or comma follows ours.
    const [word] = glued.exec(after) ?? [];
    if (word === undefined) return false;
    if (starters.has(word)) return numberBefore.test(whole) || wordBefore.test(whole);
    return word.length > 3 && smallBefore.test(whole);
  }
  if (!beginning.test(after)) return false;
  if (!stop.startsWith('.') || stop.startsWith('..')) return true;
  if (introducing.test(before) || enumerator.test(before)) return false;
  return !ambiguous.test(before) || starters.has(next);
}
