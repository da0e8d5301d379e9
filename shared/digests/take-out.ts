import { overtaken, retryOvertaken } from '../platform/retry.ts';
import type { Digest } from './digest.ts';
import type { DigestRepository } from './repository.ts';
import { withoutPapers } from './without-papers.ts';

export type TakenOut = 'taken out' | 'no such paper' | 'no papers left' | 'not stopped';

const mostRounds = 20;

/**
 * Takes papers out of a halted or paused digest. After the resume, readers whose mail has not gone out get it without
 * them; no reader is sent it again. A second call changes nothing.
 * @returns `not stopped`: it is not halted or paused; `no papers left`: the operator should cancel it instead
 */
export async function takeOut(
  digests: Pick<DigestRepository, 'get' | 'getCandidates' | 'saveCandidates' | 'putEdition'>,
  id: string,
  paperIds: readonly string[],
): Promise<TakenOut> {
  return retryOvertaken(`The digest ${id}`, mostRounds, async () => {
    const digest = await digests.get(id);
    if (digest?.status !== 'halted' && digest?.status !== 'paused') return 'not stopped';
    const gone = new Set(digest.leftOut?.flatMap(one => (one.reason === 'dropped' ? one.id : [])));
    const out = paperIds.filter(paperId => !gone.has(paperId));
    if (out.length === 0) return 'taken out';
    const known = new Set([...digest.papers.map(paper => paper.id), ...(digest.candidates?.more ?? [])]);
    if (!out.every(paperId => known.has(paperId))) return 'no such paper';
    if (await putWithout(digests, digest, out)) return 'taken out';
    return digest.papers.every(paper => out.includes(paper.id)) ? 'no papers left' : overtaken;
  });
}

/** @returns false when no papers would be left, or another process was faster */
async function putWithout(
  digests: Pick<DigestRepository, 'getCandidates' | 'saveCandidates' | 'putEdition'>,
  digest: Digest,
  out: readonly string[],
): Promise<boolean> {
  // A welcome has the candidates of its source digest.
  const { id, source = id } = digest;
  const candidates = digest.candidates ? await digests.getCandidates(source, digest.candidates) : [];
  const reasons = out.map(paperId => ({ id: paperId, reason: 'dropped' as const }));
  const next = withoutPapers({ digest, candidates }, reasons);
  if (next.digest.papers.length === 0) return false;
  const stored = digest.candidates && (await digests.saveCandidates(source, next.candidates));
  return digests.putEdition({ ...next.digest, ...(stored && { candidates: stored }) });
}
