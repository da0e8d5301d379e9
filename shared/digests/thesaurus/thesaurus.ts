import { termsOf } from '../../search/words.ts';
import { rootOf } from '../roots.ts';
import { language } from './language.ts';
import { learning } from './learning.ts';
import { robotics } from './robotics.ts';
import { science } from './science.ts';
import { society } from './society.ts';
import { systems } from './systems.ts';
import { vision } from './vision.ts';

/**
 * A subject of research. A line of the thesaurus is `names > kinds ~ neighbours`: other names of one subject, what
 * belongs to it, and what is near it. The first line that has a name defines it. All are phrases of roots with a space
 * between them.
 */
export interface Subject {
  names: string[];
  kinds: string[];
  near: string[];
  /** Those with a question mark: they have other meanings, and count only beside another phrase of the subject. */
  doubtful: Set<string>;
}

/** The roots of a reader's or a paper's phrase with a space between them. */
export function phraseOf(raw: string): string {
  return termsOf(raw).map(rootOf).join(' ');
}

let subjects: Map<string, Subject> | undefined;

/** The subject of that name (a phrase of roots). */
export function subjectNamed(phrase: string): Subject | undefined {
  // Read when it is first needed: most functions never need it.
  subjects ??= readThesaurus([language, vision, robotics, learning, systems, science, society].join('\n'));
  return subjects.get(phrase);
}

function readThesaurus(text: string): Map<string, Subject> {
  const read = new Map<string, Subject>();
  for (const line of text.split('\n')) {
    const [rest = '', near] = line.split('~');
    const [names, kinds] = rest.split('>');
    const marked = line.split(/[,>~]/).filter(each => each.includes('?'));
    const doubtful = new Set(phrasesIn(marked.join(',')));
    const subject = { names: phrasesIn(names), kinds: phrasesIn(kinds), near: phrasesIn(near), doubtful };
    for (const name of subject.names) if (!read.has(name)) read.set(name, subject);
  }
  return read;
}

/** The phrases of a list. The thesaurus's own text has neither TeX nor accents. */
function phrasesIn(list = ''): string[] {
  const phrases = list.split(',').map(each => (each.toLowerCase().match(/[a-z0-9]+/g) ?? []).map(rootOf).join(' '));
  return [...new Set(phrases)].filter(Boolean);
}
