import type { Paper } from '../papers/paper.ts';
import { abstractOf, authorsOf, titleOf } from '../papers/shown.ts';
import { termsIn, termsOf } from './words.ts';

/*
 * An inverted index of some papers in a few typed arrays. They are used as they are stored: only the postings of a
 * requested term are decoded. docs/decisions/0026-search-index.md says why it is not a library's.
 *
 * A paper's words are numbered one after the other, field by field. Gaps between fields and between authors keep
 * phrases within one. The postings of a term are variable-length integers: the number of papers, then for each paper
 * the difference of its number to the one before, the count of places, and each place's difference to the one before.
 */

/** In the order in which a paper's words are numbered. */
export const fields = ['title', 'authors', 'keywords', 'abstract', 'organization'] as const;
export type Field = (typeof fields)[number];
const mostPlaces = 65_535;
const gap = 2;

/** A paper of a segment. Its index in `papers` is its number. */
export interface SegmentPaper {
  id: string;
  day: string;
  categories: string[];
  hasCode: boolean;
}

export interface Segment {
  papers: SegmentPaper[];
  /** Sorted by UTF-16 units. */
  terms: string[];
  /** The beginning of each term's postings, and at last the end of all. */
  offsets: Uint32Array;
  /** By paper: the place at which each field's words begin, and the end of the last field. */
  places: Uint16Array;
  postings: Uint8Array;
  /** Words in all papers, by field. */
  words: number[];
}

const placesPerPaper = fields.length + 1;

/** The terms of each field, by part: the terms of one author stand together. */
const termsOfField: Record<Field, (paper: Paper) => string[][]> = {
  title: paper => [termsIn(titleOf(paper))],
  authors: paper => authorsOf(paper).map(termsIn),
  keywords: ({ keywords }) => keywords.map(termsOf),
  abstract: paper => [termsIn(abstractOf(paper))],
  organization: ({ organization }) => (organization === undefined ? [] : [termsOf(organization)]),
};

interface Entry {
  papers: number;
  lastPaper: number;
  lastPlace: number;
  /** The index of the current paper's count in `numbers`. */
  countAt: number;
  numbers: number[];
}

export function buildSegment(papers: readonly Paper[]): Segment {
  const entries = new Map<string, Entry>();
  const places = new Uint16Array(papers.length * placesPerPaper);
  const words = fields.map(() => 0);
  papers.forEach((paper, number) => {
    let place = 0;
    fields.forEach((field, index) => {
      places[number * placesPerPaper + index] = place;
      for (const terms of termsOfField[field](paper)) {
        for (const term of terms) {
          if (place >= mostPlaces - gap) break;
          add(entries, term, number, place);
          place += 1;
          words[index] = (words[index] ?? 0) + 1;
        }
        place = Math.min(place + gap, mostPlaces);
      }
    });
    places[number * placesPerPaper + fields.length] = place;
  });

  const terms = [...entries.keys()].sort((a, b) => (a < b ? -1 : 1));
  const offsets = new Uint32Array(terms.length + 1);
  const bytes = new ByteWriter();
  terms.forEach((term, index) => {
    const entry = entries.get(term) as Entry;
    bytes.write(entry.papers);
    for (const value of entry.numbers) bytes.write(value);
    offsets[index + 1] = bytes.length;
  });
  return { papers: papers.map(summarise), terms, offsets, places, postings: bytes.toBytes(), words };
}

function add(entries: Map<string, Entry>, term: string, paper: number, place: number): void {
  let entry = entries.get(term);
  if (!entry) {
    entry = { papers: 0, lastPaper: -1, lastPlace: 0, countAt: 0, numbers: [] };
    entries.set(term, entry);
  }
  if (entry.lastPaper !== paper) {
    entry.numbers.push(paper - Math.max(0, entry.lastPaper), 0);
    entry.countAt = entry.numbers.length - 1;
    entry.papers += 1;
    entry.lastPaper = paper;
    entry.lastPlace = 0;
  }
  entry.numbers[entry.countAt] = (entry.numbers[entry.countAt] ?? 0) + 1;
  entry.numbers.push(place - entry.lastPlace);
  entry.lastPlace = place;
}

function summarise({ id, day, categories, codeUrl }: Paper): SegmentPaper {
  return { id, day, categories, hasCode: codeUrl !== undefined };
}

/** Grows as needed. A number takes seven bits a byte, the lowest first. */
class ByteWriter {
  length = 0;
  private bytes = new Uint8Array(1 << 16);

  write(value: number): void {
    if (this.length + 5 > this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    let rest = value;
    while (rest > 127) {
      this.bytes[this.length++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    this.bytes[this.length++] = rest;
  }

  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** The places of a term in one paper. The object is reused for each paper. */
export interface Posting {
  paper: number;
  /** The places in order. Only the first `count` are valid. */
  places: number[];
  count: number;
}

export function papersWith(segment: Segment, term: number): number {
  return new ByteReader(segment.postings, segment.offsets[term] ?? 0).read();
}

/** Calls back for each paper that has a term. */
export function eachPosting(segment: Segment, term: number, use: (posting: Posting) => void): void {
  const reader = new ByteReader(segment.postings, segment.offsets[term] ?? 0);
  const posting: Posting = { paper: 0, places: [], count: 0 };
  for (let left = reader.read(); left > 0; left -= 1) {
    posting.paper += reader.read();
    posting.count = reader.read();
    let place = 0;
    for (let index = 0; index < posting.count; index += 1) {
      place += reader.read();
      posting.places[index] = place;
    }
    use(posting);
  }
}

class ByteReader {
  constructor(
    private readonly bytes: Uint8Array,
    private at: number,
  ) {}

  read(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) return value;
    }
  }
}

/**
 * The place at which a field of a paper begins. @param field from 0; the number of fields gives the end of the last one
 */
export function placeOf({ words, places }: Segment, paper: number, field: number): number {
  // A segment that was stored before a field was added has fewer: the new one is empty.
  return places[paper * (words.length + 1) + Math.min(field, words.length)] ?? 0;
}

/** The number of the first term that does not sort before `term`. */
export function findTerm({ terms }: Segment, term: string): number {
  let low = 0;
  let high = terms.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((terms[middle] as string) < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A segment as one sequence of bytes: the lengths of five parts, then the parts. */
export function packSegment({ papers, terms, offsets, places, postings, words }: Segment): Buffer {
  const parts = [
    Buffer.from(JSON.stringify({ papers, words })),
    Buffer.from(terms.join('\n')),
    bytesOf(offsets),
    bytesOf(places),
    Buffer.from(postings.buffer, postings.byteOffset, postings.byteLength),
  ];
  const lengths = Uint32Array.from(parts, part => part.length);
  return Buffer.concat([bytesOf(lengths), ...parts]);
}

export function unpackSegment(packed: Buffer): Segment {
  const lengths = new Uint32Array(copyOf(packed, 0, 20));
  let at = 20;
  const [head = 0, terms = 0, offsets = 0, places = 0, postings = 0] = Array.from(lengths, length => {
    at += length;
    return at - length;
  });
  const { papers, words } = JSON.parse(packed.toString('utf8', head, terms));
  const text = packed.toString('utf8', terms, offsets);
  return {
    papers,
    words,
    terms: text === '' ? [] : text.split('\n'),
    offsets: new Uint32Array(copyOf(packed, offsets, places)),
    places: new Uint16Array(copyOf(packed, places, postings)),
    postings: packed.subarray(postings),
  };
}

function bytesOf(array: Uint32Array | Uint16Array): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** A copy that begins at address 0 of its own buffer, as typed arrays of larger numbers need aligned bytes. */
function copyOf(bytes: Buffer, start: number, end: number): ArrayBuffer {
  return Uint8Array.prototype.slice.call(bytes, start, end).buffer as ArrayBuffer;
}
