import type { Hono } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { instantOf, rankPlacesOfDay } from '../../../shared/papers/listing.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { scoreVersion } from '../../../shared/papers/score.ts';
import type { PublicServices } from '../services.ts';
import { showRanking } from './contract.ts';

/**
 * The place of a listed paper on its day, and the parts of its score, with a sentence that says how they make it.
 * @returns undefined for a paper that is in no list
 */
export async function rankingOf(services: PublicServices, paper: Pick<Paper, 'id' | 'day'>) {
  const at = instantOf({ date: paper.day }, services.now());
  const ranked = await rankPlacesOfDay(services, paper.day, at);
  const rank = ranked.findIndex(one => one.paper.id === paper.id);
  const found = ranked[rank];
  if (!found) return undefined;
  const { day, upvotes, votes = 0, comments = 0, codeStars = 0, pinnedDay } = found.paper;
  const { field, ...score } = found.score;
  const pinned = pinnedDay === day;
  const levelled = field === undefined ? 'whose field is not known' : `times ${round(score.fieldFactor)} for ${field}`;
  return {
    paperId: paper.id,
    day,
    rank: rank + 1,
    of: ranked.length,
    version: scoreVersion,
    at: new Date(at).toISOString(),
    pinned,
    ...score,
    ...(field !== undefined && { field }),
    counts: { upvotes, votes, comments, codeStars },
    explanation:
      `${pinned ? 'A curator put it first on its day; by itself: ' : ''}` +
      `${round(score.points)} points (upvotes, half a point a comment, the logarithm of the stars) and ` +
      `${round(24 * score.pointsPerHour)} more a day at the present pace, ${levelled}, ` +
      `divided by ${round(score.ageDivisor)} for ${round(score.ageDays)} days of age.`,
  };
}

export function mountRanking(app: Hono, services: PublicServices): void {
  mount(app, showRanking, async ({ params }) => {
    const paper = await services.papers.get(params.id);
    const answer = paper && (await rankingOf(services, paper));
    if (!answer) throw new Problem('not-found', 'No paper with this id is in any list.');
    return { answer };
  });
}

const round = (value: number) => Math.round(value * 100) / 100;
