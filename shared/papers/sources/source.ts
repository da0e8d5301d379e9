import type * as z from 'zod';
import type { SourceName } from '../../events/sources.ts';
import type { Paper } from '../paper.ts';

/**
 * An entry that can't become a paper, and the reason. It stops no other entry, and is always named ([one bad item stops
 * no other](docs/invariants.md#9)).
 */
export interface RejectedEntry {
  /** The entry's name for an operator: its id, or the beginning of its title, or its place. */
  entry: string;
  reason: string;
}

export interface SourceReading {
  papers: Paper[];
  /** New versions of other days' papers. They are stored only when the paper is known already. */
  updates?: Paper[];
  rejected: RejectedEntry[];
  /** Those of the papers that lost an odd field, each with the fields it lost. */
  incomplete?: RejectedEntry[];
}

/** Notes the fields that a paper of the reading lost, if any. */
export function noteIncomplete(reading: SourceReading, entry: string, lost: readonly string[]): void {
  if (lost.length === 0) return;
  reading.incomplete ??= [];
  reading.incomplete.push({ entry, reason: lost.join('; ') });
}

export interface Source {
  name: SourceName;
  /**
   * Fetches and parses the papers that the source featured in a period: a day, `2026-11-23`. Some sources also know
   * weeks, `2026-W48`, and months, `2026-11`.
   * @throws SourceError when the source is down, slow, does not answer in its format, or has no such period
   */
  read(period: string): Promise<SourceReading>;
}

/** The source as a whole failed. Nothing of its answer may be stored. */
export class SourceError extends Error {
  override name = 'SourceError';
  /** The HTTP status of its answer. */
  readonly status: number | undefined;
  /** Whether the same request may succeed in a moment. */
  readonly mayPass: boolean;

  constructor(message: string, { status, mayPass = false }: { status?: number; mayPass?: boolean } = {}) {
    super(message);
    this.status = status;
    this.mayPass = mayPass;
  }
}

/** The reasons why a value doesn't fit its schema, on one line: `title: too long; authors.3.name: missing`. */
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
