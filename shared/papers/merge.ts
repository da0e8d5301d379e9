import { type SourceName, sourceNames } from '../events/ids.ts';
import type { Paper } from './paper.ts';

/*
 * One paper out of any number of readings of it. Each field keeps the value that comes last in one total order, so that
 * the result is the same in whatever order readings arrive, and however often (docs/decisions/0020).
 */

/** Where a field's value came from. */
export interface Origin {
  source: SourceName;
  /** When the source was read, epoch milliseconds. */
  readAt: number;
  /** arXiv's version of the paper that it was read from. */
  version?: number;
}

/** Fields that come from one source; `sources` is all of them, and the last four come from none. */
type Field = Exclude<keyof Paper, 'id' | 'sources' | 'hidden' | 'pinnedDay' | 'votes' | 'submission'>;

export type Origins = { [Name in Field]?: Origin };

/** A paper, and where each of its fields came from. */
export interface SourcedPaper {
  paper: Paper;
  origins: Origins;
}

/** Who is believed about what, the least first: a person before the authors' own archive before those who copy it. */
const byTrust: readonly SourceName[] = ['page', 'hugging-face', 'arxiv', 'curator'];
/** What only Hugging Face counts: the others give a zero or a guess. */
const counts: ReadonlySet<string> = new Set(['upvotes', 'comments', 'codeStars']);
const byCounts: readonly SourceName[] = ['page', 'arxiv', 'curator', 'hugging-face'];

const unmerged: ReadonlySet<string> = new Set(['id', 'sources', 'hidden', 'pinnedDay', 'votes', 'submission']);

/**
 * One reading of a paper with each field's origin: the first of its sources. The day of one that a curator chose is the
 * curator's.
 */
export function asSourced(paper: Paper, readAt: number): SourcedPaper {
  const [source] = paper.sources as [SourceName];
  const origin: Origin = { source, readAt, ...(paper.version !== undefined && { version: paper.version }) };
  const given = fieldsOf(paper).filter(name => !isMissing(paper[name]));
  const origins: Origins = Object.fromEntries(given.map(name => [name, origin]));
  if (paper.sources.includes('curator')) origins.day = { source: 'curator', readAt };
  return { paper, origins };
}

/**
 * Joins two of the same paper: commutative, associative and idempotent. What a curator decided about it, and its votes, are
 * kept from `a`, as readings never decide them.
 */
export function mergePapers(a: SourcedPaper, b: SourcedPaper): SourcedPaper {
  const merged: Record<string, unknown> = {};
  const origins: Record<string, Origin> = {};
  for (const name of new Set([...fieldsOf(a.paper), ...fieldsOf(b.paper)])) {
    const from = comesLater(name, a, b) ? a : b;
    merged[name] = from.paper[name];
    const origin = from.origins[name];
    if (origin) origins[name] = origin;
  }
  const { hidden, pinnedDay, votes, submission } = a.paper;
  const paper = {
    id: a.paper.id,
    ...merged,
    sources: sourceNames.filter(name => a.paper.sources.includes(name) || b.paper.sources.includes(name)),
    ...(hidden !== undefined && { hidden }),
    ...(pinnedDay !== undefined && { pinnedDay }),
    ...(votes !== undefined && { votes }),
    ...(submission !== undefined && { submission }),
  } as Paper;
  return { paper, origins };
}

/** Whether nothing of a paper differs but when it was read. */
export function isSamePaper(a: SourcedPaper, b: SourcedPaper): boolean {
  const names = new Set([...Object.keys(a.paper), ...Object.keys(b.paper)]) as Set<keyof Paper>;
  for (const name of names) if (textOf(a.paper[name]) !== textOf(b.paper[name])) return false;
  for (const name of fieldsOf(a.paper)) {
    const [one, other] = [a.origins[name], b.origins[name]];
    if (one?.source !== other?.source || one?.version !== other?.version) return false;
  }
  return true;
}

/** The total order: who is believed more, then arXiv's later version, then the later reading, then the text itself. */
function comesLater(name: Field, a: SourcedPaper, b: SourcedPaper): boolean {
  const [one, other] = [a.origins[name], b.origins[name]];
  if (!one || !other) return one !== undefined || (other === undefined && a.paper[name] !== undefined);
  if (name === 'day') {
    const first = firstFeatured(a.paper.day, one, b.paper.day, other);
    if (first !== 0) return first > 0;
  }
  const trust = counts.has(name) ? byCounts : byTrust;
  const order =
    trust.indexOf(one.source) - trust.indexOf(other.source) ||
    (one.version ?? 0) - (other.version ?? 0) ||
    one.readAt - other.readAt;
  return order === 0 ? textOf(a.paper[name]) >= textOf(b.paper[name]) : order > 0;
}

/**
 * Which of two days a paper is listed on: the first on which it was featured. That arXiv announced it, as it does with
 * every paper, counts only until it is featured.
 * @returns above 0: the first one; below: the other; 0: they are the same
 */
function firstFeatured(day: string, from: Origin, otherDay: string, otherFrom: Origin): number {
  const announced = Number(otherFrom.source === 'arxiv') - Number(from.source === 'arxiv');
  return announced || (day === otherDay ? 0 : day < otherDay ? 1 : -1);
}

function textOf(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function fieldsOf(paper: Paper): Field[] {
  return Object.keys(paper).filter(name => !unmerged.has(name)) as Field[];
}

function isMissing(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
