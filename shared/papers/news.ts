import * as z from 'zod';
import { instantSchema } from '../time/instant.ts';
import type { Paper } from './paper.ts';

/*
 * The news of a paper: what it gained after it was first stored. Readers who saved it before are told of it once
 * (docs/decisions/0082-news-of-saved-papers.md).
 */

export const firstReadSchema = z.object({
  paper: instantSchema,
  code: instantSchema.optional(),
  /** The newest version, and the lowest that was ever read. */
  version: z.object({ number: z.int().positive(), at: instantSchema, lowest: z.int().positive() }).optional(),
});

/** The times (epoch milliseconds) of the first readings that had the paper, a link to its code, and its newest version. */
export type FirstRead = z.infer<typeof firstReadSchema>;

/** The gains of a paper. Readers who saved it before an `at` (epoch milliseconds) saved it without. */
export interface PaperNews {
  code?: { at: number };
  version?: { number: number; at: number };
  /** When the newest of it became known here, epoch milliseconds. */
  knownAt: number;
}

export function firstReadOf({ codeUrl, version }: Paper, readAt: number): FirstRead {
  return {
    paper: readAt,
    ...(codeUrl !== undefined && { code: readAt }),
    ...(version !== undefined && { version: { number: version, at: readAt, lowest: version } }),
  };
}

/** Merges the times of two readings: commutative, associative and idempotent. */
export function mergeFirstRead(a: FirstRead, b: FirstRead): FirstRead {
  const codes = [a.code, b.code].filter(code => code !== undefined);
  const versions = [a.version, b.version].filter(version => version !== undefined);
  const [newest] = versions.toSorted((one, other) => other.number - one.number || one.at - other.at);
  return {
    paper: Math.min(a.paper, b.paper),
    ...(codes.length > 0 && { code: Math.min(...codes) }),
    ...(newest && { version: { ...newest, lowest: Math.min(...versions.map(({ lowest }) => lowest)) } }),
  };
}

/** The gains of a paper since its first reading; undefined when there are none. */
export function newsOf(paper: Paper, firstRead: FirstRead): PaperNews | undefined {
  const since = firstRead.paper;
  const code = paper.codeUrl !== undefined && firstRead.code !== undefined && firstRead.code > since && firstRead.code;
  const version = newVersionOf(paper, firstRead);
  if (!code && !version) return undefined;
  return {
    ...(code && { code: { at: code } }),
    ...(version && { version }),
    knownAt: Math.max(code || 0, version ? (firstRead.version?.at ?? 0) : 0),
  };
}

function newVersionOf({ updatedAt }: Paper, { paper, version }: FirstRead): PaperNews['version'] {
  if (version === undefined || version.number === 1 || version.at <= paper) return undefined;
  const { number, lowest, at } = version;
  if (lowest < number) return { number, at };
  // The first version that is read is seldom new: the paper came from a source that tells no version. Its date decides.
  const submittedAt = Date.parse(updatedAt ?? '');
  return submittedAt > paper ? { number, at: Math.min(at, submittedAt) } : undefined;
}
