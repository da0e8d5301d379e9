import { stemOf } from '../search/words.ts';

/*
 * The root of a word joins its forms where a reader means all of them: history and historical, agent and agentic,
 * retrieve and retrieval. It serves the matching of topics alone. Search keeps the milder stems.
 */

/** Endings that are taken off, the first that fits, while enough of the word is left. */
const endings: [ending: RegExp, instead: string][] = [
  [/(?:isations?|izations?|ised|ized|ising|izing|iser|izer|ise|ize)$/, 'iz'],
  [/(?:ational|ations?|ative|ating|ated|ator|ate)$/, ''],
  [/(?:abilities|ability|ibility|able|ible)$/, ''],
  [/(?:istic|ist|ism)$/, 'is'],
  [/(?:ically|ical|ics|ic|ian)$/, ''],
  [/(?:ional|ions?|ive|or)$/, ''],
  [/(?:nesses|ness|ments?|ances?|ences?|ities|ity)$/, ''],
  [/(?:ings?|ers?|ed)$/, ''],
  [/(?<=[vrt])al$/, ''],
  [/(?:[eyi])$/, ''],
];
const leastLetters = 4;

/** Forms that no ending tells, and words that only look like forms of another. */
const forms = new Map(
  Object.entries({
    archiv: 'archive archives archivist archiving',
    chemic: 'chemistry chemical chemist',
    cod: 'code coding coder',
    cultur: 'culture multicultural',
    driv: 'driving drive',
    econom: 'economist',
    embod: 'embodied embodiment',
    handwrit: 'handwritten',
    linguist: 'linguistic linguistics linguist',
    mathemat: 'math maths mathematician',
    medic: 'medicine medical medicinal',
    memor: 'memory memories',
    neuroscien: 'neuroscience neuroscientific',
    poem: 'poetry poet',
    recogn: 'recognition recognize recognise recognizing',
    safe: 'safety safely',
    scien: 'science sciences scientific scientist',
    secur: 'security',
    speech: 'spoken',
    summar: 'summary summaries summarization summarisation summarize summarise',
    writ: 'written write writing',
  }).flatMap(([root, words]) => words.split(' ').map(word => [word, root] as const)),
);
/** Words that stay as they are: their short form is another word. */
const whole = new Set(
  `police university universe universal general generic organic organism organization organisation physical nation
  national station relation relative position positive native active actor factor vector sector doctor monitor author
  community communism critical critic topic logic music public basic classic traffic graphic graphics fabric metric
  musician mobile mobility computer personal journal journalist journalism humanity humanities human humane international
  interest state private signal capital capitalism material reality action actions interaction transaction internet
  crypto patent patient potential minor major error mirror tensor sensor motor editor color colour floor door
  paper number order other under over water matter letter layer power water user player proper river member center
  computing attention intention mention emotion motion notion option portion section question region religion
  version vision mission passion session fashion million billion opinion union legion champion scorpion
  moment comment segment document element instrument experiment environment government department garment cement
  audience sentence sequence essence presence absence silence influence experience conference difference
  finance balance distance instance substance advance chance dance france glance stance
  city ability entity identity quality quantity gravity charity density unity activity
  red speed feed need seed bed shed indeed embed hundred
  string spring king ring wing thing sing bring during being ceiling evening morning sterling
  energy news policing betting better presentation processor composer consumer reviewer reporter learner worker trader
  poster indic tennis networking discrimination scheming accounting standard preservation conservation treatment
  abstractive speaker dialectical accelerator align aligned aligning alignment teacher teaching router routing ecosystem attribution provenance plant`
    .trim()
    .split(/\s+/),
);

/** The stem of a folded term. `news` is no plural of `new`. */
export function stemForMatching(term: string): string {
  return term === 'news' ? term : stemOf(term);
}

/** The root of a folded term or of its stem. */
export function rootOf(term: string): string {
  const stem = stemForMatching(term);
  const known = forms.get(term) ?? forms.get(stem);
  if (known !== undefined) return known;
  if (whole.has(stem) || !/^[a-z]+$/.test(term)) return stem;
  for (const [ending, instead] of endings) {
    const at = stem.search(ending);
    if (at < leastLetters - (instead === '' ? 0 : 1)) continue;
    const root = `${stem.slice(0, at)}${instead}`;
    return root.replace(/([^aeiouls])\1$/, '$1').replace(/(?<=.{4})e$/, '');
  }
  return stem;
}
