import type { Hono } from 'hono';
import { testMailOf } from '../../../shared/deliveries/test-mail.ts';
import type { Curation, CurationChange } from '../../../shared/digests/curation.ts';
import { archiveIdSchema, type Digest, isOpen } from '../../../shared/digests/digest.ts';
import { type Draft, draftDigest } from '../../../shared/digests/draft.ts';
import { preflightReason } from '../../../shared/digests/mail-report.ts';
import { type DigestPeriod, periodOf } from '../../../shared/digests/period.ts';
import { subjectFor } from '../../../shared/digests/subject.ts';
import { takeOut } from '../../../shared/digests/take-out.ts';
import { papersOf } from '../../../shared/digests/without-papers.ts';
import { Problem } from '../../../shared/http/problem.ts';
import { mount } from '../../../shared/http/route.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import type { Ranked } from '../../../shared/papers/rank.ts';
import { titleOf } from '../../../shared/papers/shown.ts';
import { hour } from '../../../shared/platform/durations.ts';
import { parseAddress } from '../../../shared/subscribers/address.ts';
import { subscriberIdOf } from '../../../shared/subscribers/keys.ts';
import type { AdminServices } from '../services.ts';
import * as contract from './contract.ts';

export function mountCuration(app: Hono, services: AdminServices): void {
  mount(app, contract.previewDigest, async ({ params: { id } }) => {
    const { frozen, digest, ranked, empty, pinned, candidates } = await previewOf(services, id);
    const papers = digest.papers.map(({ id, title, upvotes, inDaily }, place) => ({
      ...{ id, title, upvotes, pinned: pinned.includes(id) },
      ...(inDaily && { inDaily }),
      ...(ranked[place] && explain(digest, ranked[place])),
    }));
    const { kind, date, subject, note, papersOfDay } = digest;
    const among = candidates && papersOf(candidates);
    const { unfit = [], ...mail } = await services.inspectMail(digest, services.now(), among);
    return {
      answer: {
        ...{ id, kind, date, frozen, subject, papersOfDay, papers },
        ...(note && { note }),
        ...(empty && { empty }),
        leftOut: await titled(services, digest.leftOut ?? []),
        ...mail,
        ...(unfit.length > 0 && { unfit }),
      },
    };
  });

  mount(app, contract.curateDigest, async ({ params: { id }, body }) => {
    const frozen = await services.digests.get(id);
    if (frozen) return { answer: await takeOutOf(services, frozen, body) };
    const period = periodToFreeze(id);
    const decided = Object.entries(body.papers ?? {}).flatMap(([paperId, decision]) => (decision ? paperId : []));
    await refuseUnknown(services, period, decided);
    if (!(await services.curations.change(id, body, services.now()))) {
      throw new Problem(
        'digest-closed',
        `${id} is being frozen just now. To take a paper out, pause it and drop it then.`,
      );
    }
    return { answer: { id, ...(await services.curations.read(id)) } };
  });

  mount(app, contract.sendTestMail, ({ params, body }) => sendTestMail(services, params.id, body.address));
}

/** Takes papers out of a frozen digest while it is stopped. Nothing else of a frozen digest can change. */
async function takeOutOf(services: AdminServices, { id, status }: Digest, { papers = {}, note }: CurationChange) {
  const dropped = Object.keys(papers);
  const drops = note === undefined && dropped.length > 0 && Object.values(papers).every(one => one === 'drop');
  const isStopped = status === 'halted' || status === 'paused';
  if (!drops || !isStopped) {
    const next = isOpen({ status })
      ? 'Papers can be dropped from it while it is paused; else cancel it.'
      : `It is ${status}.`;
    throw new Problem('digest-closed', `${id} is frozen: it goes out as it is. ${next}`);
  }
  const outcome = await takeOut(services.digests, id, dropped);
  if (outcome === 'no such paper')
    throw new Problem('not-found', `${id} has no such paper: see digests preview ${id}.`);
  if (outcome === 'no papers left') {
    throw new Problem('digest-closed', `${id} would have no papers: cancel it, if none of it is to be sent.`);
  }
  if (outcome === 'not stopped') throw new Problem('digest-closed', `${id} goes on already: pause it first.`);
  services.logger.info('Papers were taken out of a digest', { digestId: id, paperIds: dropped });
  const after = await services.digests.get(id);
  const out = after?.leftOut?.flatMap(one => (one.reason === 'dropped' ? one.id : [])) ?? [];
  const { pinned } = await services.curations.read(id);
  return { id, pinned, dropped: out, ...(after?.note && { note: after.note }) };
}

/** Test mails an hour, of all operators: enough to look at a digest, too few to mail readers with it. */
const testMails = { name: 'test-mails', most: 20, windowMilliseconds: hour };

async function sendTestMail(services: AdminServices, id: string, typed: string) {
  const parsed = parseAddress(typed);
  if (!parsed.ok) throw new Problem('invalid-input', parsed.reason);
  const { delivery, identity } = parsed.address;
  const status = (
    await services.subscriberServices.subscribers.get(subscriberIdOf(services.subscriberServices.keys, identity))
  )?.status;
  if (status === 'bounced' || status === 'complained') {
    throw new Problem('invalid-input', `This address has ${status}: it is not written to any more. Use another one.`);
  }
  const { digest, empty } = await previewOf(services, id);
  if (empty && !digest.emptyReason) throw new Problem('not-found', `${id} would have no papers. ${empty}`);
  const whole = testMailOf(digest, delivery).testMail.digest;
  const { faults, unfit = [] } = await services.inspectMail(whole, services.now());
  const fit = whole.papers.filter(paper => unfit.every(({ id }) => id !== paper.id));
  const message = testMailOf({ ...whole, papers: fit }, delivery);
  if (faults.length > 0) throw new Problem('unfit-mail', preflightReason(faults));
  const wait = await services.takeFromLimit(testMails, 'all', services.now());
  if (wait !== undefined) {
    const headers = { 'Retry-After': String(Math.ceil(wait / 1000)) };
    throw new Problem(
      'too-many-requests',
      `${testMails.most} test mails an hour are the most. Try later.`,
      undefined,
      headers,
    );
  }
  await services.enqueueTestMail(message);
  return { answer: { id, papers: digest.papers.length, subject: subjectFor(message.testMail.digest, digest.papers) } };
}

/** The frozen digest, else a draft of it as of now. */
async function previewOf(
  services: AdminServices,
  id: string,
): Promise<
  Omit<Draft, 'candidates'> & { candidates?: Draft['candidates']; frozen: boolean; pinned: Curation['pinned'] }
> {
  const frozen = await services.digests.get(id);
  const { pinned, ...curation } = await services.curations.read(id);
  if (frozen) return { frozen: true, digest: frozen, ranked: [], pinned };
  const draft = await draftDigest(services, periodToFreeze(id), { pinned, ...curation }, services.now());
  return { frozen: false, ...draft, pinned };
}

/** @throws Problem for a welcome: no curator chooses its papers, which are those of its daily or weekly */
function periodToFreeze(id: string): DigestPeriod {
  const archived = archiveIdSchema.safeParse(id);
  if (archived.success) return periodOf(archived.data);
  const source = id.replace(/^welcome-/, '');
  throw new Problem(
    'not-found',
    `${id} is not there: nobody has joined after ${source} came out. See digests preview ${source}.`,
  );
}

/** A decision about a paper that is not there would have no effect, and the curator would not notice. */
async function refuseUnknown(services: AdminServices, period: DigestPeriod, paperIds: string[]): Promise<void> {
  if (paperIds.length === 0) return;
  const days = await Promise.all(period.days.map(day => services.papers.listByDay(day)));
  const known = new Set(days.flat().map(paper => paper.id));
  const missing = paperIds.find(paperId => !known.has(paperId));
  if (missing === undefined) return;
  throw new Problem(
    'not-found',
    `${missing} is not among the papers of ${period.days.join(', ')}. Pin it to a day first: papers pin ${missing} --date ${period.date}`,
  );
}

const round = (value: number) => Math.round(value * 100) / 100;

function explain({ kind }: Digest, { score }: Ranked<Paper>) {
  const { heat, fieldFactor, points, pointsPerHour, field } = score;
  const levelled = field === undefined ? '' : `, times ${round(fieldFactor)} for ${field}`;
  return {
    // A weekly is ordered by the score before its division by age.
    score: round(kind === 'weekly' ? heat * fieldFactor : score.score),
    why: `${round(points)} points, ${round(pointsPerHour)} an hour${levelled}`,
  };
}

async function titled(services: AdminServices, leftOut: NonNullable<Digest['leftOut']>) {
  const papers = await services.papers.getListed(leftOut.map(({ id }) => id));
  return leftOut.map(one => {
    const paper = papers.find(({ id }) => id === one.id);
    return { ...one, ...(paper && { title: titleOf(paper) }) };
  });
}
