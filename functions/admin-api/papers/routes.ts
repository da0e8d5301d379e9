import type { Hono } from 'hono';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import { acceptSubmission, decide, deletePaper, rejectSubmission } from '../../../shared/papers/curate.ts';
import { ingestReading } from '../../../shared/papers/ingest.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { renewTexts } from '../../../shared/papers/renew.ts';
import { titleOf } from '../../../shared/papers/shown.ts';
import { parseArxivId } from '../../../shared/papers/sources/arxiv-id.ts';
import { chosenPaper, curatedPaper } from '../../../shared/papers/sources/curator.ts';
import { SourceError } from '../../../shared/papers/sources/source.ts';
import { orNamed } from '../../../shared/platform/damaged.ts';
import { featuredDay } from '../../../shared/time/day.ts';
import { announce } from '../../../shared/votes/submission.ts';
import { recount } from '../../../shared/votes/vote.ts';
import { itemCursor, refuseCursor } from '../scan.ts';
import type { AdminServices } from '../services.ts';
import * as contract from './contract.ts';

export function mountPapers(app: Hono, services: AdminServices): void {
  mount(app, contract.putPaper, async ({ body }) => {
    const today = featuredDay(services.now());
    const paper =
      'paper' in body
        ? curatedPaper(body.paper, today)
        : chosenPaper(await findOnArxiv(services, body.arxivId, body.day ?? today), body.day ?? today);
    const reading = { papers: [paper], rejected: [] };
    const { rejected } = await ingestReading(reading, { ...services, repository: services.papers });
    if (rejected[0]) throw new Problem('invalid-input', `The paper was not taken in: ${rejected[0].reason}.`);
    // A paper that was deleted comes back with its votes.
    await recount({ papers: services.papers, votes: services.subscriberServices.votes }, paper.id);
    return { answer: await show(services, paper.id) };
  });

  mount(app, contract.renewPapers, async ({ query }) => {
    const { part, cursor: after, limit } = query;
    const { next, ...answer } = await renewTexts(services.papers, { part, after, limit }).catch(refuseCursor);
    return { answer: { ...answer, ...(next && { nextCursor: itemCursor.write(next) }) } };
  });

  mount(app, contract.listSubmissions, async () => ({ answer: { submissions: await undecided(services) } }));

  mount(app, contract.showPaper, async ({ params }) => ({ answer: await show(services, params.id) }));

  mount(app, contract.changePaper, async ({ params, body }) => {
    const { accepted, ...decision } = body;
    if (!(await decide(services.papers, params.id, decision))) throw noSuchPaper();
    if (accepted === true) {
      const listed = await acceptSubmission(services.papers, params.id, services.now(), 'curator');
      if (listed?.isNews) await announce(services.publishEvents, listed.paper);
    } else if (accepted === false && !(await rejectSubmission(services.papers, params.id))) {
      throw new Problem('invalid-input', 'It is no submission, or it is accepted already: hide it, or delete it.');
    }
    return { answer: await show(services, params.id) };
  });

  mount(app, contract.deletePaper, async ({ params }) => {
    if (!(await deletePaper(services.papers, params.id, services.now()))) throw noSuchPaper();
    return { answer: { id: params.id, deleted: true as const } };
  });
}

function noSuchPaper(): Problem {
  return new Problem('not-found', 'There is no paper with this id. Put it first, by its arXiv id or in full.');
}

async function findOnArxiv(services: AdminServices, text: string, day: string): Promise<Paper> {
  const named = parseArxivId(text);
  if (!named) throw new Problem('invalid-input', `"${text}" is no arXiv id such as 2403.08540 or math/0211159.`);
  try {
    const { papers, rejected } = await services.arxiv.readIds([named.id], day);
    const paper = papers.find(({ id }) => id === named.id);
    if (paper) return paper;
    if (rejected[0]) throw new Problem('source-failed', `arXiv's entry of it can't be used: ${rejected[0].reason}.`);
  } catch (error) {
    if (error instanceof SourceError) throw new Problem('source-failed', error.message);
    throw error;
  }
  throw new Problem('not-found', `arXiv has no paper ${named.id}.`);
}

async function undecided({ submissions, papers, subscriberServices: { votes } }: AdminServices) {
  const listed = (await submissions.all()).sort((a, b) => a.at - b.at);
  const shown = listed.map(async ({ paperId, at, state, reason }) => {
    const [stored, submitters] = await Promise.all([
      orNamed(papers.getStored(paperId)),
      votes.countOf('submission', paperId),
    ]);
    const paper = stored?.deletedAt === undefined ? stored?.paper : undefined;
    if (stored && paper?.submission !== 'pending') return [];
    const title = paper && titleOf(paper);
    return [{ paperId, submittedAt: new Date(at).toISOString(), state, submitters, title, reason }];
  });
  return (await Promise.all(shown)).flat();
}

async function show(services: AdminServices, id: string) {
  const stored = await services.papers.getStored(id);
  if (!stored || stored.deletedAt !== undefined) throw noSuchPaper();
  const provenance = Object.entries(stored.provenance).map(([field, ofField]) => [
    field,
    { ...ofField, readAt: new Date(ofField.readAt).toISOString() },
  ]);
  const { paper } = stored;
  return { ...paper, day: paper.pinnedDay ?? paper.day, origins: Object.fromEntries(provenance) };
}
