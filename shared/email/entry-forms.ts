import type { Preferences } from '../subscribers/preferences.ts';
import { type EntryBytes, hasReason, type Parts, type ShownPaper } from './digest-entry.tsx';
import type { Form } from './entry-content.ts';
import type { Section } from './sections.tsx';
import { sentBytes } from './tracking.ts';

/** Most bytes of a mail's HTML. Gmail cuts a mail off at 102 KB, counted as it arrives: with the links that SES has made. */
const mostMailBytes = 80_000;
const mostTrackedMailBytes = 100_500;
/** Bytes of a frame's own parts for one reader: preview, two links with tokens, the time of the next papers. */
const framePartBytes = 900;

/**
 * The bytes of HTML that the entries of a mail may have together.
 * @param frame the frame's HTML without a reader's own parts
 * @param others what stands between the entries and before them
 */
export function roomForEntries(frame: string, others: readonly Pick<Parts, 'html'>[], tracked = false): number {
  const headings = others.reduce((sum, { html }) => sum + sentBytes(html, tracked), 0);
  return (tracked ? mostTrackedMailBytes : mostMailBytes) - sentBytes(frame, tracked) - framePartBytes - headings;
}

/** A paper in a reader's mail, and what the reader's own parts of its entry are. */
export interface ChosenEntry {
  shown: ShownPaper;
  /** Whether it has the link for less like it, that for "Not about this", and the picture. */
  withLess: boolean;
  withNarrow: boolean;
  withPicture: boolean;
}

/** Most papers of a mail that have the links for less like them and "Not about this". */
const mostLessLinks = 10;

/** The papers of each section of a mail, with the reader's own parts. */
export function chosenEntries(
  sections: readonly Section[],
  { pictures }: Pick<Preferences, 'pictures'>,
): ChosenEntry[][] {
  let lessLinks = 0;
  return sections.map(({ papers }) =>
    papers.map(shown => {
      const withLess = lessLinks < mostLessLinks && hasReason(shown);
      if (withLess) lessLinks += 1;
      const withNarrow = withLess && Boolean(shown.topics?.length);
      return { shown, withLess, withNarrow, withPicture: pictures && shown.paper.thumbnailUrl !== undefined };
    }),
  );
}

/** The bytes of an entry with the reader's own parts. */
export function bytesFor({ bare, reason, less, narrow, picture }: EntryBytes, one: ChosenEntry): number {
  const links = (one.withLess ? less : 0) + (one.withNarrow ? narrow : 0);
  return bare + (hasReason(one.shown) ? reason : 0) + links + (one.withPicture ? picture : 0);
}

/** The bytes of an entry in each form. The short one is worked out only where a mail needs it. */
export interface EntrySize {
  full: number;
  short: () => number;
}

/**
 * The form of each entry of a mail: all are full where that fits; else the first ones are, as far as the others then fit at least
 * as short ones. One pass, and the same for the same sizes.
 */
export function formsOf(sizes: readonly EntrySize[], room: number): Form[] {
  const whole = sizes.reduce((sum, { full }) => sum + full, 0);
  if (whole <= room) return sizes.map(() => 'full');
  let bytes = sizes.reduce((sum, size) => sum + size.short(), 0);
  return sizes.map(({ full, short }) => {
    const longer = bytes - short() + full;
    if (longer > room) return 'short';
    bytes = longer;
    return 'full';
  });
}
