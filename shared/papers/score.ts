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

/** Changes with the formula, so that a stored score names the formula that made it. */
export const scoreVersion = 2;

/**
 * The worth of a comment and of GitHub stars in upvotes. A comment is rarer than a vote, but costs less than reading
 * the paper. Stars count by their logarithm, as they grow without limit.
 */
const commentWeight = 0.5;
const starWeight = 0.5;

/** The pace is the gain of the last 12 hours. */
const paceHours = 12;
/** Bayesian shrinkage: as if 12 more hours had passed at the usual pace of 4 votes a day, the median. */
const priorHours = 12;
const priorPerHour = 4 / 24;

/** Hacker News's gravity, applied to days instead of hours: papers are read for days, stories for hours. */
const gravity = 1.8;

/** A field's level is weighed by its number of papers, against this number of papers at the list's mean. */
const fieldPrior = 10;
/** 0 leaves fields as unequal as they are; 1 makes them equal. */
const fieldStrength = 0.5;

/** The counts of a paper, by its sources and by our subscribers. */
export type Counts = Pick<Paper, 'upvotes' | 'votes' | 'comments' | 'codeStars'>;

/** Counts as they were at an instant in epoch milliseconds. */
export interface Snapshot extends Counts {
  at: number;
}

/** Earlier counts by paper id, oldest first. */
export type History = ReadonlyMap<string, readonly Snapshot[]>;

export type Scored = Counts & Pick<Paper, 'id' | 'day' | 'categories' | 'pinnedDay'>;

export interface Score {
  score: number;
  points: number;
  /** Points an hour at the present pace, after shrinkage. */
  pointsPerHour: number;
  heat: number;
  /** The primary arXiv category; unknown for many papers. */
  field: string | undefined;
  /** The factor of the paper's field: above 1 where papers usually get fewer points. */
  fieldFactor: number;
  ageDays: number;
  ageDivisor: number;
}

/** Votes, comments and stars as one number, in upvotes. */
export function pointsOf({ upvotes, votes, comments = 0, codeStars = 0 }: Counts): number {
  return allUpvotes({ upvotes, votes }) + commentWeight * comments + starWeight * Math.log2(1 + codeStars);
}

/**
 * The time from which a day takes papers, epoch milliseconds: 21:30 in New York (winter time) on the evening before.
 */
export function opensAt(date: string): number {
  return Date.parse(`${date}T02:30:00Z`);
}

/** A score at the closing of the paper's own day. It makes papers of several days comparable. */
export function closingScore({ heat, fieldFactor }: Pick<Score, 'heat' | 'fieldFactor'>): number {
  return (heat * fieldFactor) / 2 ** gravity;
}

/**
 * The time at which the papers of a day are final. A day's digest ranks them for this instant, no matter when it is
 * made.
 */
export function closesAt(date: string): number {
  return opensAt(addDays(date, 1));
}

/**
 * Scores the papers of one list.
 * @param at epoch milliseconds
 * @param history without it, points are assumed to have come evenly
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
 * Points gained in the hours of the pace. Between two snapshots points are assumed to have come evenly, and before the
 * first snapshot evenly since the paper's day opened. So a missed snapshot neither makes nor hides a rise.
 */
function gainedPoints(paper: Scored, points: number, at: number, history: readonly Snapshot[]): number {
  const from = at - paceHours * hour;
  let before = { at: Math.min(opensAt(paper.day), history[0]?.at ?? Infinity), points: 0 };
  if (before.at >= from) return points;
  for (const snapshot of history) {
    if (snapshot.at >= at) break;
    // A withdrawn vote lowers the earlier counts as well.
    const known = { at: snapshot.at, points: Math.max(before.points, Math.min(pointsOf(snapshot), points)) };
    if (snapshot.at > from) return points - between(before, known, from);
    before = known;
  }
  return points - between(before, { at, points }, from);
}

/** The points at an instant between two snapshots. */
function between(a: { at: number; points: number }, b: { at: number; points: number }, at: number): number {
  return b.at <= a.at ? b.points : a.points + ((b.points - a.points) * (at - a.at)) / (b.at - a.at);
}

/** The points of a paper at the usual pace. They keep levels above zero. */
const basePoints = (24 * priorHours * priorPerHour) / (priorHours + paceHours);

/**
 * Makes the factors that level fields: the list's mean against the field's level, which is drawn towards the mean when
 * the field has few papers. Levels depend on points alone, not on time, so that age never raises a paper through its
 * field.
 */
function fieldFactors(papers: readonly Scored[]): (field: string | undefined) => number {
  const fields = new Map<string, { sum: number; papers: number }>();
  let sum = 0;
  // In one order, as the rounding of sums depends on it.
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
