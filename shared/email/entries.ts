import type { Digest, DigestPaper } from '../digests/digest.ts';
import { createCache } from '../platform/cache.ts';
import type { Logger } from '../platform/logger.ts';
import { digestEntry, entrySlots, reasonPart, type ShownPaper } from './digest-entry.tsx';
import type { MailIdentity } from './identity.ts';
import { type LinkRules, withAllowedLinks } from './links.ts';
import type { Piece, SharedPiece } from './pieces.ts';
import { bodyPiece, bodyValue } from './template.ts';

/** A paper's entry in pieces that its readers share, with names for the readers' own parts. */
type SlottedPieces = (SharedPiece | keyof typeof entrySlots)[];

interface Entry {
  html: SlottedPieces;
  text: SlottedPieces;
  /** The link for less like it. */
  less: { html: SlottedPieces; text: SlottedPieces };
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
  const entries = new WeakMap<DigestPaper, Entry>();
  const reasonFor = createCache<string, { html: Piece[]; text: Piece[]; line: string }>(keptReasons);

  function entryOf(digest: Digest, paper: DigestPaper): Entry {
    const known = entries.get(paper);
    if (known) return known;
    const { paper: shown, lost } = withAllowedLinks(paper, identity);
    if (lost.length > 0) logger.warn('A paper lost links that a mail may not hold', { paperId: paper.id, lost });
    const { html, text, quoted, less } = digestEntry(shown, digest, identity.publicUrl, identity.tracked);
    const entry = {
      html: slotted(html),
      text: slotted(text),
      less: { html: slotted(less.html), text: slotted(less.text) },
      quoted,
    };
    entries.set(paper, entry);
    return entry;
  }

  function reasonOf({ topics = [], authors = [], liked = false }: ShownPaper) {
    return reasonFor([liked, topics.length, ...topics, ...authors].join('\n'), () => {
      const { html, text } = reasonPart({ topics, authors, liked });
      const pieces = (part: string) => (part === '' ? [] : [bodyPiece(part)]);
      return { html: pieces(html), text: pieces(text), line: text.trim() };
    });
  }

  /**
   * @param token with which the reader votes for the paper
   * @param withLess whether it has the link for less like it
   */
  return (digest: Digest, shown: ShownPaper, token: string, withLess: boolean): EntryPieces => {
    const entry = entryOf(digest, shown.paper);
    const reason = reasonOf(shown);
    const tokenPiece = bodyValue(token);
    const filled = (part: 'html' | 'text') => {
      const pieces: Piece[] = [];
      for (const piece of entry[part]) {
        if (piece === 'token') pieces.push(tokenPiece);
        else if (piece === 'reason') {
          pieces.push(...reason[part]);
          if (withLess) pieces.push(...entry.less[part].map(each => (typeof each === 'string' ? tokenPiece : each)));
        } else pieces.push(piece);
      }
      return pieces;
    };
    return { html: filled('html'), text: filled('text'), quoted: () => [...entry.quoted, reason.line] };
  };
}

const betweenSlots = new RegExp(`([${entrySlots.token}${entrySlots.reason}])`);

function slotted(part: string): SlottedPieces {
  const pieces = part.split(betweenSlots).filter(piece => piece !== '');
  return pieces.map(piece => {
    if (piece === entrySlots.token) return 'token';
    return piece === entrySlots.reason ? 'reason' : bodyPiece(piece);
  });
}
