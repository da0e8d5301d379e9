import type { Hono } from 'hono';
import { type ArchiveKind, archiveKinds, type Digest } from '../../shared/digests/digest.ts';
import { Problem } from '../../shared/http/problem.ts';
import { mount } from '../../shared/http/route.ts';
import { getDigest, listDigests } from './contract.ts';
import type { PublicServices } from './services.ts';

function summarise({ id, kind, date, subject, publishedAt }: Digest) {
  return { id, kind, date, subject, publishedAt: new Date(publishedAt).toISOString() };
}

export function mountDigests(app: Hono, services: PublicServices): void {
  mount(app, listDigests, async ({ query }) => {
    const digests = await latestDigests(services, query.kind, query.limit);
    return { answer: { digests: digests.map(digest => ({ ...summarise(digest), papers: digest.papers.length })) } };
  });

  mount(app, getDigest, async ({ params }) => {
    const digest = await services.digests.get(params.id);
    if (!digest) throw new Problem('not-found', 'There is no digest with this id.');
    return { answer: { ...summarise(digest), papers: digest.papers } };
  });
}

/** The newest of the archive, newest first: of one kind, else of both. */
export async function latestDigests(
  { digests }: Pick<PublicServices, 'digests'>,
  kind: ArchiveKind | undefined,
  limit: number,
): Promise<Digest[]> {
  if (kind) return digests.latest(kind, limit);
  const ofEach = await Promise.all(archiveKinds.map(each => digests.latest(each, limit)));
  return ofEach
    .flat()
    .sort((a, b) => b.publishedAt - a.publishedAt)
    .slice(0, limit);
}
