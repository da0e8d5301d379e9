import { isPromising } from './lead/cut.ts';

/** Words before a colon that say what kind of text it is: the name comes after them. */
const kindOfText =
  /^(?:Technical Report|Position(?: Paper)?|(?:A )?(?:Brief )?(?:Survey|Review|Tutorial|Primer)|Case Study|Perspective|Viewpoint|Opinion|Comment|Reply|Erratum|Research|Project|Poster|Demo|Extended Abstract|White ?Paper)$/i;
/** The sign between a title and its explanation: a colon, or a dash between spaces. */
const explanation = /:\s|\s[–—-]{1,2}\s/u;
/** Words with which the part of a title begins that may be left off. */
const joint =
  /\s(?:for|with|via|from|in|on|through|using|under|beyond|without|towards?|against|across|over|into|within)\s/giu;
const reportEnding = /\s(?:Technical|System|Model) (?:Report|Card)$/i;
/** A longer name is taken to the last joint before this length, or else to the first one. */
const longestName = 48;
const signsAtEnd = /(?<![\s,;:–—-])[\s,;:–—-]+$/u;
const shortestName = 16;

/**
 * The name by which a paper is called in a list: `EvoArena` of "EvoArena: Tracking Memory Evolution …", "MiniMax Sparse
 * Attention" as a whole, "Redesign Mixture-of-Experts Routers" of that title "with Manifold Power Iteration". A long
 * title without such a part stays whole.
 * @param title readable text
 */
export function shortTitle(title: string): string {
  const name = withoutRemark(withoutExplanation(title)).replace(reportEnding, '');
  if (name.length <= longestName || name.endsWith('?')) return name || title;
  const ends = endsOf(name, shortestName);
  const end = ends.findLast(at => at <= longestName) ?? ends[0];
  return end === undefined ? name : name.slice(0, end).replace(signsAtEnd, '');
}

/**
 * A title of at most so many UTF-16 units, for a line that names one paper: the whole, else up to the last joint, "EvoArena:
 * Tracking Memory Evolution for Robust LLM Agents" without "in Dynamic Environments", else its name. A name that is too long
 * stays so.
 */
export function titleWithin(title: string, most: number): string {
  if (title.length <= most) return title;
  const from = Math.max(shortestName, title.search(explanation) + 2);
  const end = endsOf(title, from).findLast(at => at <= most);
  const name = end === undefined ? '' : title.slice(0, end).replace(signsAtEnd, '');
  return name.length > from ? name : shortTitle(title);
}

/** The places before joints, from `from` on, at which a title may end. */
function endsOf(title: string, from: number): number[] {
  return [...title.matchAll(joint)]
    .map(found => found.index)
    .filter(at => at >= from && !isPromising(title.slice(title.lastIndexOf(' ', at - 1) + 1, at)));
}

function withoutExplanation(title: string): string {
  const at = title.search(explanation);
  if (at < 1) return title;
  const before = title.slice(0, at).trim();
  return kindOfText.test(before) ? withoutExplanation(title.slice(at + 1).trim()) : before;
}

/** `CatBench (Cat-in-the-Loop Benchmark)` without what stands in brackets at its end. */
function withoutRemark(name: string): string {
  const at = name.lastIndexOf(' (');
  return at > 0 && name.indexOf(')', at) === name.length - 1 ? name.slice(0, at).trim() : name;
}
