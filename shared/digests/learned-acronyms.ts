import type { Acronym, DefinedAcronym } from '../search/acronyms.ts';
import { addDays } from '../time/day.ts';
import { type Profile, stemsOf } from './profile.ts';
import { rootOf } from './roots.ts';
import { subjectNamed } from './thesaurus/thesaurus.ts';

/*
 * Short forms whose meaning is learned from the papers of the last two years, for papers that use them without saying what
 * they stand for (docs/decisions/0079-acronyms-of-the-corpus.md).
 */

/** Days back from a digest's date whose months count. */
const daysBack = 730;
/** Papers that must define a short form in the same way, and their share of all that define it. */
const leastPapers = 3;
const leastShare = 2 / 3;

/** The months whose papers count for a digest of a date, the first and the last. */
export function monthsBefore(date: string): [from: string, to: string] {
  return [addDays(date, -daysBack).slice(0, 7), date.slice(0, 7)];
}

/** A learned acronym, and both forms as stems with spaces between them, as in a profile's words. */
export interface LearnedAcronym {
  acronym: Acronym;
  stems: Acronym;
}

/**
 * The acronyms that enough papers define alike. A short form that the thesaurus knows keeps its meaning there, so that no paper
 * changes that of `RL`.
 */
export function learnAcronyms(defined: readonly DefinedAcronym[]): LearnedAcronym[] {
  // Most short forms are those of one paper.
  const papersOf = new Map<string, number>();
  for (const [short, , papers] of defined) papersOf.set(short, (papersOf.get(short) ?? 0) + papers);
  const wordings = new Map<string, Map<string, { papers: number; wording: Acronym; most: number }>>();
  for (const [short, long, papers] of defined) {
    if ((papersOf.get(short) ?? 0) < leastPapers || subjectNamed(rootOf(short))) continue;
    const longPhrase = long.split(' ').map(rootOf).join(' ');
    const ofShort = wordings.get(short) ?? new Map();
    const known = ofShort.get(longPhrase) ?? { papers: 0, wording: [short, long], most: 0 };
    known.papers += papers;
    // The most common wording; of two, the first by its letters.
    if (papers > known.most || (papers === known.most && long < known.wording[1])) {
      known.most = papers;
      known.wording = [short, long];
    }
    wordings.set(short, ofShort.set(longPhrase, known));
  }
  const learned: LearnedAcronym[] = [];
  for (const ofShort of wordings.values()) {
    const all = [...ofShort.values()].reduce((sum, { papers }) => sum + papers, 0);
    for (const { papers, wording } of ofShort.values()) {
      if (papers < leastPapers || papers < leastShare * all) continue;
      learned.push({ acronym: wording, stems: [stemsOf(wording[0]), stemsOf(wording[1])] });
    }
  }
  return learned.sort((a, b) => (a.acronym.join(' ') < b.acronym.join(' ') ? -1 : 1));
}

/** The learned acronyms of which a paper has either form. What it defines itself counts instead of what is learned. */
export function learnedIn({ words, acronyms = [] }: Profile, learned: readonly LearnedAcronym[]): Acronym[] {
  const own = new Set(acronyms.map(([short]) => short));
  const stems = new Set(words.split(' '));
  return learned.flatMap(({ acronym, stems: [short, long] }) => {
    const isIn = stems.has(short) || (stems.has(long.split(' ')[0] ?? '') && words.includes(` ${long} `));
    return isIn && !own.has(acronym[0]) ? [acronym] : [];
  });
}
