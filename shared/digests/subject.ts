import { cutText } from '../papers/lead/cut.ts';
import { shortTitle, titleWithin } from '../papers/short-title.ts';
import { addDays, longDate, shortDate } from '../time/day.ts';
import type { Digest, DigestPaper } from './digest.ts';

/** A subject has fewer characters (UTF-16 units). */
const subjectCharacters = 70;
/** Most papers that a subject names, of so many first ones: a long name gives way to the next. */
const mostNames = 3;
export const papersInSubject = 5;

type Titled = Pick<DigestPaper, 'title'>;
type Headed = Pick<Digest, 'kind' | 'date'> & Partial<Pick<Digest, 'isTest' | 'firstDate'>>;

/** The subject for a reader who gets these papers of the digest. */
export function subjectFor(digest: Digest, papers: readonly Titled[]): string {
  return papers.length === 0 ? `${markOf(digest)}${digest.subject}` : subjectOf(papers, digest);
}

/** The subject of the note that says that a day had no papers. */
export function emptySubject(date: string): string {
  return `Nothing new on ${longDate(date)}`;
}

/**
 * A subject line that names the first papers and counts the others: "EvoArena, MiniMax Sparse Attention, Robust-U1 and 17
 * more". A weekly begins with its week, a welcome with its word.
 */
export function subjectOf(papers: readonly Titled[], digest: Headed): string {
  return subjectAndNamed(papers, digest).subject;
}

/** The places of the papers that the subject names, from 0 on. */
export function namedInSubject(papers: readonly Titled[], digest: Headed): number[] {
  return subjectAndNamed(papers, digest).named;
}

function subjectAndNamed(papers: readonly Titled[], digest: Headed): { subject: string; named: number[] } {
  const beginning = `${markOf(digest)}${beginningOf(digest)}`;
  const [first = 'Papers of the day', ...next] = papers.map(({ title }) => title);
  const subjectWith = (names: readonly string[]) => `${beginning}${listed(names, next.length + 1 - names.length)}`;
  const names = [quoted(shortTitle(first))];
  const named = [0];
  for (const [place, title] of next.slice(0, papersInSubject - 1).entries()) {
    const longer = [...names, quoted(shortTitle(title))];
    if (names.length === mostNames || subjectWith(longer).length >= subjectCharacters) continue;
    names.push(longer.at(-1) ?? '');
    named.push(place + 1);
  }
  // One name leaves room for its title, unless there would be two colons.
  const whole = subjectWith([first]);
  if (names.length > 1 && subjectWith(names).length < subjectCharacters) return { subject: subjectWith(names), named };
  if (whole.length < subjectCharacters && !/:.*:/su.test(whole)) return { subject: whole, named: [0] };
  const room = subjectCharacters - 1 - subjectWith(['']).length;
  const isAlone = next.length === 0 && beginning === '' && !/:.*:/su.test(first);
  return { subject: subjectWith([cutText(isAlone ? titleWithin(first, room) : shortTitle(first), room)]), named: [0] };
}

const markOf = ({ isTest }: Headed) => (isTest ? '[Test] ' : '');

const beginnings: Record<Digest['kind'], (date: string, firstDate: string) => string> = {
  daily: () => '',
  weekly: date => `Week of ${daysFrom(addDays(date, -6), date)}: `,
  welcome: () => 'Welcome: ',
  'catch-up': (date, firstDate) => `You missed ${daysFrom(firstDate, date)}: `,
};
const beginningOf = ({ kind, date, firstDate = date }: Headed) => beginnings[kind](date, firstDate);

/** "Nov 22–28", "Nov 29 – Dec 5", "Nov 22". */
function daysFrom(first: string, last: string): string {
  if (first === last) return shortDate(first);
  const [from, to] = [shortDate(first), shortDate(last)];
  const isOneMonth = first.slice(0, 7) === last.slice(0, 7);
  return isOneMonth ? `${from}–${Number(last.slice(8))}` : `${from} – ${to}`;
}

/** "A, B and 3 more", "A, B and C". */
function listed(names: readonly string[], others: number): string {
  if (others > 0) return `${names.join(', ')} and ${others} more`;
  const last = names.at(-1) ?? '';
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : last;
}

/** A name that could be read as two, or as a sentence, in quotation marks. */
function quoted(name: string): string {
  return /[,;?!]|\sand\s/iu.test(name) ? `“${name}”` : name;
}
