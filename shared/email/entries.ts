import type { Digest, DigestPaper } from '../digests/digest.ts';
import { createCache } from '../platform/cache.ts';
import type { Logger } from '../platform/logger.ts';
import { digestEntry, type EntryBytes, entrySlots, reasonPart, type ShownPaper, topicKeys } from './digest-entry.tsx';
import type { Form } from './entry-content.ts';
import { bytesFor, type ChosenEntry, type EntrySize } from './entry-forms.ts';
import type { MailIdentity } from './identity.ts';
import { type LinkRules, withAllowedLinks } from './links.ts';
import type { Piece, SharedPiece } from './pieces.ts';
import { bodyPiece, bodyValue } from './template.ts';

/** A paper's entry in pieces that its readers share, with names for the readers' own parts. */
type SlottedPieces = (SharedPiece | keyof typeof entrySlots)[];

/** The contents of slots; the others stay empty. */
type Slots<Value> = { [Name in keyof typeof entrySlots]?: Value };

/** A paper's entry in one form. */
interface EntryInForm {
  html: SlottedPieces;
  text: SlottedPieces;
  /** The link for less like it. */
  less: SlottedPieces;
  /** The link for "Not about this". */
  narrow: SlottedPieces;
  picture: SlottedPieces;
  bytes: EntryBytes;
  /** The texts by the paper's authors. */
  quoted: string[];
}

/** The pieces of one paper in a reader's mail. */
export interface EntryPieces {
  html: Piece[];
  text: Piece[];
  /** The texts by the paper's authors and by the reader. */
  quoted: () => string[];
}

/** Most reasons kept in memory. Readers' words are without limit. */
const keptReasons = 2_000;

/** Renders and encodes each paper's entry once, for all its readers. */
export function createEntries(identity: LinkRules & Pick<MailIdentity, 'tracked'>, logger: Pick<Logger, 'warn'>) {
  const entries = new WeakMap<DigestPaper, { [Each in Form]?: EntryInForm }>();
  const reasonFor = createCache<string, { html: SlottedPieces; text: SlottedPieces; line: string }>(keptReasons);

  function entryIn(form: Form, digest: Digest, paper: DigestPaper): EntryInForm {
    const forms = entries.get(paper) ?? {};
    entries.set(paper, forms);
    forms[form] ??= render(form, digest, paper);
    return forms[form];
  }

  function render(form: Form, digest: Digest, paper: DigestPaper): EntryInForm {
    const { paper: shown, lost } = withAllowedLinks(paper, identity);
    if (lost.length > 0 && form === 'full') {
      logger.warn('A paper lost links that a mail may not hold', { paperId: paper.id, lost });
    }
    const entry = digestEntry(shown, digest, identity.publicUrl, identity.tracked, form);
    return {
      ...entry,
      html: slotted(entry.html),
      text: slotted(entry.text),
      less: slotted(entry.less.html),
      narrow: slotted(entry.narrow),
      picture: slotted(entry.picture),
    };
  }

  function reasonOf({ topics = [], authors = [], liked = false }: ShownPaper) {
    return reasonFor([liked, topics.length, ...topics, ...authors].join('\n'), () => {
      const { html, text } = reasonPart({ topics, authors, liked }, `${entrySlots.less}${entrySlots.narrow}`);
      return { html: slotted(html), text: slotted(text), line: text.trim() };
    });
  }

  return {
    /** The bytes of a paper's entry. */
    sizeOf(digest: Digest, one: ChosenEntry): EntrySize {
      const bytesIn = (form: Form) => bytesFor(entryIn(form, digest, one.shown.paper).bytes, one);
      return { full: bytesIn('full'), short: () => bytesIn('short') };
    },

    /** @param tokens with which the reader votes for the paper, and changes preferences */
    piecesOf(
      digest: Digest,
      { shown, withLess, withNarrow, withPicture }: ChosenEntry,
      tokens: { vote: string; preferences: string },
      form: Form,
    ): EntryPieces {
      const entry = entryIn(form, digest, shown.paper);
      const reason = reasonOf(shown);
      const values: Slots<Piece> = {
        token: bodyValue(tokens.vote),
        ...(withNarrow && { preferencesToken: bodyValue(tokens.preferences), topics: bodyValue(topicKeys(shown)) }),
      };
      const parts: Slots<SlottedPieces> = {
        ...(withLess && { less: entry.less }),
        ...(withNarrow && { narrow: entry.narrow }),
        ...(withPicture && { picture: entry.picture }),
      };
      // By one list and a loop: each paper of each mail goes through here.
      const fill = (into: Piece[], pieces: SlottedPieces, part: 'html' | 'text'): Piece[] => {
        for (const piece of pieces) {
          if (typeof piece !== 'string') into.push(piece);
          else {
            const value = values[piece];
            if (value !== undefined) into.push(value);
            else fill(into, (piece === 'reason' ? reason[part] : parts[piece]) ?? [], part);
          }
        }
        return into;
      };
      return {
        html: fill([], entry.html, 'html'),
        text: fill([], entry.text, 'text'),
        quoted: () => [...entry.quoted, reason.line],
      };
    },
  };
}

const slotNames = new Map(Object.entries(entrySlots).map(([name, slot]) => [slot, name as keyof typeof entrySlots]));
const betweenSlots = new RegExp(`([${Object.values(entrySlots).join('')}])`);

function slotted(part: string): SlottedPieces {
  const pieces = part.split(betweenSlots).filter(piece => piece !== '');
  return pieces.map(piece => slotNames.get(piece as typeof entrySlots.token) ?? bodyPiece(piece));
}
