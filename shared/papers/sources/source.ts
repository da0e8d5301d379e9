import type * as z from 'zod';
import type { SourceName } from '../../events/ids.ts';
import type { Paper } from '../paper.ts';

/**
 * An entry that can't become a paper, and why ([one bad item stops no other](docs/invariants.md#9), and is never
 * dropped in silence).
 */
export interface RejectedEntry {
  /** What names the entry for a person: its id, else the beginning of its title, else its place. */
  entry: string;
  reason: string;
}

/** What one reading of a source gave. */
export interface SourceReading {
  papers: Paper[];
  /** New versions of papers of other days: stored where the paper is known already. */
  updates?: Paper[];
  rejected: RejectedEntry[];
  /** Papers that are among them without an odd field of theirs, and which. */
  incomplete?: RejectedEntry[];
}

/** Notes which fields a paper of the reading lost, if any. */
export function noteIncomplete(reading: SourceReading, entry: string, lost: readonly string[]): void {
  if (lost.length === 0) return;
  reading.incomplete ??= [];
  reading.incomplete.push({ entry, reason: lost.join('; ') });
}

/** Where papers come from. */
export interface Source {
  name: SourceName;
  /**
   * Fetches and parses what the source featured in a period: a day, `2026-11-23`; some sources know weeks, `2026-W48`,
   * and months, `2026-11`, too.
   * @throws SourceError when the source is down, slow, answers something else than its format, or has no such period
   */
  read(period: string): Promise<SourceReading>;
}

/** The source as a whole failed; nothing of it may be stored. */
export class SourceError extends Error {
  override name = 'SourceError';
  /** The status that it answered with instead. */
  readonly status: number | undefined;
  /** Whether the same request may well succeed in a moment. */
  readonly mayPass: boolean;

  constructor(message: string, { status, mayPass = false }: { status?: number; mayPass?: boolean } = {}) {
    super(message);
    this.status = status;
    this.mayPass = mayPass;
  }
}

/** Why something doesn't fit its schema, on one line: `title: too long; authors.3.name: missing`. */
export function reasonOf(error: z.ZodError): string {
  const reasons = error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message,
  );
  const more = reasons.length - mostReasons;
  return reasons.slice(0, mostReasons).join('; ') + (more > 0 ? ` and ${more} more` : '');
}

const mostReasons = 3;
const namingCharacters = 80;

/** The beginning of a text, to name an entry by. */
export function beginningOf(text: string, most = namingCharacters): string {
  const characters = [...text.slice(0, most * 2)];
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : text;
}
