import { day, hour } from '../platform/durations.ts';
import { addDays } from '../time/day.ts';
import { allUpvotes, type Paper } from './paper.ts';

/*
 * The trending score, version 2 (docs/decisions/0025-trending-score.md):
 *
 *   score = heat * field / (1 + age in days)^1.8
 *   heat  = points + what the present pace adds in a day
 *
 * Pure arithmetic on what is stored: the same papers, counts and instant give the same numbers.
 */

/** Changes with the formula, so that a kept score tells how it came about. */
export const scoreVersion = 2;

/** A paper's worth in upvotes: a comment is rarer than a vote but cheaper than a reading; stars grow without limit. */
const commentWeight = 0.5;
const starWeight = 0.5;

/** The pace is that of so many hours. */
const paceHours = 12;
/** Bayesian shrinkage: as if so many hours at the usual pace (4 votes a day, the median) had been seen as well. */
const priorHours = 12;
const priorPerHour = 4 / 24;

/** Hacker News's own gravity, with days in place of its hours: papers are read for days, stories for hours. */
const gravity = 1.8;

/** A field's level is trusted like its papers weigh against so many of the whole list. */
const fieldPrior = 10;
/** 0 would leave fields as unequal as they are, 1 would make them equal. */
const fieldStrength = 0.5;

/** What of a paper is counted, by its sources and by us. */
export type Counts = Pick<Paper, 'upvotes' | 'votes' | 'comments' | 'codeStars'>;

/** Counts as they were at an instant in epoch milliseconds. */
export interface Snapshot extends Counts {
  at: number;
}

/** Earlier counts by paper id, oldest first. */
export type History = ReadonlyMap<string, readonly Snapshot[]>;

/** What the score is made from. */
export type Scored = Counts & Pick<Paper, 'id' | 'day' | 'categories' | 'pinnedDay'>;

export interface Score {
  score: number;
  points: number;
  /** Points an hour at the present pace, shrunk. */
  pointsPerHour: number;
  heat: number;
  /** The primary arXiv category; unknown for many papers. */
  field: string | undefined;
  /** What the paper's field is multiplied with: above 1 where papers usually get fewer points. */
  fieldFactor: number;
  ageDays: number;
  /** What age divides by. */
  ageDivisor: number;
}

/** Votes, comments and stars as one number, in upvotes. */
export function pointsOf({ upvotes, votes, comments = 0, codeStars = 0 }: Counts): number {
  return allUpvotes({ upvotes, votes }) + commentWeight * comments + starWeight * Math.log2(1 + codeStars);
}

/** When a day opens for papers, epoch milliseconds: 21:30 in New York (in winter) on the evening before. */
export function opensAt(date: string): number {
  return Date.parse(`${date}T02:30:00Z`);
}

/** A score as it is, or was, when the paper's own day closes: by it the papers of several days are one list. */
export function closingScore({ heat, fieldFactor }: Pick<Score, 'heat' | 'fieldFactor'>): number {
  return (heat * fieldFactor) / 2 ** gravity;
}

/** When the papers of a day are final: the instant for which its digest ranks them, whenever that is made. */
export function closesAt(date: string): number {
  return opensAt(addDays(date, 1));
}

/**
 * Scores the papers of one list beside each other.
 * @param papers in any order
 * @param at epoch milliseconds
 * @param history without it, points are taken to have come evenly
 * @returns by paper id
 */
export function scorePapers(papers: readonly Scored[], at: number, history: History): Map<string, Score> {
  const factorOf = fieldFactors(papers);
  const scores = new Map<string, Score>();
  for (const paper of papers) {
    const points = pointsOf(paper);
    const gained = gainedPoints(paper, points, at, history.get(paper.id) ?? []);
    const pointsPerHour = (priorHours * priorPerHour + gained) / (priorHours + paceHours);
    const heat = points + 24 * pointsPerHour;
    const field = paper.categories[0];
    const fieldFactor = factorOf(field);
    const ageDays = Math.max(0, at - opensAt(paper.day)) / day;
    const ageDivisor = (1 + ageDays) ** gravity;
    const score = (heat * fieldFactor) / ageDivisor;
    scores.set(paper.id, { score, points, pointsPerHour, heat, field, fieldFactor, ageDays, ageDivisor });
  }
  return scores;
}

/**
 * Points gained in the hours of the pace. Between two snapshots they are taken to have come evenly, and before the first
 * since the paper's day opened, so that a missed snapshot neither makes nor hides a rise.
 */
function gainedPoints(paper: Scored, points: number, at: number, history: readonly Snapshot[]): number {
  const from = at - paceHours * hour;
  let before = { at: Math.min(opensAt(paper.day), history[0]?.at ?? Infinity), points: 0 };
  if (before.at >= from) return points;
  for (const snapshot of history) {
    if (snapshot.at >= at) break;
    // A vote taken back lowers what was there before as well.
    const known = { at: snapshot.at, points: Math.max(before.points, Math.min(pointsOf(snapshot), points)) };
    if (snapshot.at > from) return points - between(before, known, from);
    before = known;
  }
  return points - between(before, { at, points }, from);
}

/** The points at an instant between two of which they are known. */
function between(a: { at: number; points: number }, b: { at: number; points: number }, at: number): number {
  return b.at <= a.at ? b.points : a.points + ((b.points - a.points) * (at - a.at)) / (b.at - a.at);
}

/** Points of a paper at the usual pace alone: keeps levels above zero. */
const basePoints = (24 * priorHours * priorPerHour) / (priorHours + paceHours);

/**
 * What levels fields of unequal size: the list's mean against the field's, which is drawn to the list's own when the field
 * has few papers. It depends on points alone, not on time, so that age never raises a paper by way of its field.
 */
function fieldFactors(papers: readonly Scored[]): (field: string | undefined) => number {
  const fields = new Map<string, { sum: number; papers: number }>();
  let sum = 0;
  // In one order, as sums of fractions depend on it.
  for (const paper of papers.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const level = basePoints + pointsOf(paper);
    sum += level;
    const [field] = paper.categories;
    if (field === undefined) continue;
    const known = fields.get(field) ?? { sum: 0, papers: 0 };
    fields.set(field, { sum: known.sum + level, papers: known.papers + 1 });
  }
  const mean = sum / papers.length;
  return field => {
    const known = field === undefined ? undefined : fields.get(field);
    if (!known) return 1;
    const level = (known.sum + fieldPrior * mean) / (known.papers + fieldPrior);
    return (mean / level) ** fieldStrength;
  };
}
