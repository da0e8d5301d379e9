/** The names that a paper has for itself. */
export const papers =
  'paper|work|study|article|survey|review|report|tutorial|manuscript|thesis|research|letter|note|chapter|book|technical report|position paper';

const needs =
  '(?:this|these|those|such|both|that|the (?:above|gaps?|challenges?|issues?|problems?|limitations?|former|latter))';
/** First words that lead over from the sentence before, or say that this is a paper. */
const introductions = [
  /^(?:Background|Context|Introduction|Motivation|Objectives?|Aims?|Purpose|Methods?|Results?|Findings|Contributions?|Conclusions?)\s?[:–—-]\s+/i,
  /^(?:To this end|To that end|To do so|To achieve this|Specifically|Concretely|In particular|Here|Therefore|Thus|Hence|Accordingly|Consequently|Instead|Overall|Moreover|Furthermore|Additionally|In addition|Finally|First|Second|Third|Lastly|Further|As a result|Notably|Importantly|Crucially|In response|However|In summary|In short|Meanwhile|In contrast|Conversely|Then|Next|Subsequently|Taken together|Together|Towards this|Toward this(?: goal)?), /,
  new RegExp(`^(?:To|Towards?) (?:\\w+ ){1,3}?${needs}\\b[^,.;:]{0,60}, `),
  new RegExp(
    `^(?:(?:Building|Based|Drawing|Relying|Capitali[sz]ing) (?:up)?on|(?:Motivated|Inspired|Guided|Driven|Informed) by|Leveraging|Given|Using|With|Under|Following|Taking|From) ${needs}\\b[^,.;:]{0,60}, `,
  ),
  new RegExp(`^In (?:this|our|the present) (?:[\\w-]+ )?(?:${papers})(?:, |(?= we ) )`),
];

/**
 * A sentence without words that only lead over to it: `To address this, we propose X` is `We propose X`. It begins with
 * a capital, unless it begins with a name such as `vLLM`.
 */
export function withoutIntroduction(sentence: string): string {
  let rest = sentence;
  // At most two: `To this end, in this paper, we propose`.
  for (let round = 0; round < 2; round += 1) {
    const found = introductions
      .map(introduction => introduction.exec(rest)?.[0].length ?? 0)
      .find(length => length > 0);
    if (found === undefined) break;
    rest = rest.slice(found);
    rest = rest.replace(/^\p{Ll}[\p{Ll}’'-]*(?=[\s,])/u, word => word.charAt(0).toUpperCase() + word.slice(1));
  }
  return rest;
}
