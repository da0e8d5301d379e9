import { type SourceName, sourceFacts, sourceNames } from '../events/sources.ts';
import { type FirstRead, firstReadOf, mergeFirstRead } from './news.ts';
import type { Paper } from './paper.ts';

/*
 * Merges any number of readings of a paper into one. Each field keeps the value that is last in one total order. So the
 * order and the number of readings do not change the result (docs/decisions/0020).
 */

export interface FieldProvenance {
  source: SourceName;
  /** The time of reading the source, epoch milliseconds. */
  readAt: number;
  /** The arXiv version of the paper that the value was read from. */
  version?: number;
}

/** Fields that come from one source. The other fields come from several (`sources`) or from none. */
type Field = Exclude<keyof Paper, 'id' | 'sources' | 'hidden' | 'pinnedDay' | 'votes' | 'submission' | 'shown'>;

export type Provenance = { [Name in Field]?: FieldProvenance };

export interface SourcedPaper {
  paper: Paper;
  provenance: Provenance;
  firstRead: FirstRead;
}

/** Fields in which sources have a trust of their own. */
const counts: ReadonlySet<string> = new Set(['upvotes', 'comments', 'codeStars']);

const unmerged: ReadonlySet<string> = new Set(['id', 'sources', 'hidden', 'pinnedDay', 'votes', 'submission', 'shown']);

/**
 * One reading of a paper, with the first of its sources as each field's provenance. The day of a curated paper comes from
 * the curator.
 */
export function asSourced(paper: Paper, readAt: number): SourcedPaper {
  const [source] = paper.sources as [SourceName];
  const ofSource: FieldProvenance = { source, readAt, ...(paper.version !== undefined && { version: paper.version }) };
  const given = fieldsOf(paper).filter(name => !isMissing(paper[name]));
  const provenance: Provenance = Object.fromEntries(given.map(name => [name, ofSource]));
  if (paper.sources.includes('curator')) provenance.day = { source: 'curator', readAt };
  return { paper, provenance, firstRead: firstReadOf(paper, readAt) };
}

/**
 * Merges two readings of the same paper: commutative, associative and idempotent. A curator's decisions and the votes
 * are taken from `a`, as readings never change them. The merged paper has no `shown`: its texts may have changed.
 */
export function mergePapers(a: SourcedPaper, b: SourcedPaper): SourcedPaper {
  const merged: Record<string, unknown> = {};
  const provenance: Record<string, FieldProvenance> = {};
  for (const name of new Set([...fieldsOf(a.paper), ...fieldsOf(b.paper)])) {
    const from = comesLater(name, a, b) ? a : b;
    merged[name] = from.paper[name];
    const ofField = from.provenance[name];
    if (ofField) provenance[name] = ofField;
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
  return { paper, provenance, firstRead: mergeFirstRead(a.firstRead, b.firstRead) };
}

/** Whether two papers are equal apart from the time of reading. */
export function isSamePaper(a: SourcedPaper, b: SourcedPaper): boolean {
  const names = new Set([...Object.keys(a.paper), ...Object.keys(b.paper)]) as Set<keyof Paper>;
  // They follow from the other fields.
  names.delete('shown');
  for (const name of names) if (textOf(a.paper[name]) !== textOf(b.paper[name])) return false;
  for (const name of fieldsOf(a.paper)) {
    const [one, other] = [a.provenance[name], b.provenance[name]];
    if (one?.source !== other?.source || one?.version !== other?.version) return false;
  }
  return true;
}

/**
 * The total order: the more trusted source, then arXiv's later version, then the later reading, then the text itself.
 */
function comesLater(name: Field, a: SourcedPaper, b: SourcedPaper): boolean {
  const [one, other] = [a.provenance[name], b.provenance[name]];
  if (!one || !other) return one !== undefined || (other === undefined && a.paper[name] !== undefined);
  if (name === 'day') {
    const first = firstFeatured(a.paper.day, one, b.paper.day, other);
    if (first !== 0) return first > 0;
  }
  if (name === 'sourcePlace' && a.paper.sourcePlace && b.paper.sourcePlace) {
    const first = firstFeatured(a.paper.sourcePlace.day, one, b.paper.sourcePlace.day, other);
    if (first !== 0) return first > 0;
  }
  const trust = counts.has(name) ? 'trustInCounts' : 'trust';
  const order =
    sourceFacts[one.source][trust] - sourceFacts[other.source][trust] ||
    (one.version ?? 0) - (other.version ?? 0) ||
    one.readAt - other.readAt;
  return order === 0 ? textOf(a.paper[name]) >= textOf(b.paper[name]) : order > 0;
}

/**
 * Compares two days for a paper's listing, or for its place in a source's list. The first day on which a source featured the
 * paper wins. The day of a source that announces every paper counts only for a paper that no other source features.
 * @returns above 0: the first day wins; below: the other; 0: they are equal
 */
function firstFeatured(day: string, from: FieldProvenance, otherDay: string, otherFrom: FieldProvenance): number {
  const announced = Number(sourceFacts[otherFrom.source].announcesAll) - Number(sourceFacts[from.source].announcesAll);
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
