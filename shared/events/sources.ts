/** Everything that differs between sources of papers, but for the code that reads them. */
interface SourceFacts {
  /** Its name, as readers see it. */
  title: string;
  /** The rank of its fields; of two sources, the one with the higher rank is believed. */
  trust: number;
  /** The same for counts: upvotes, comments, stars. */
  trustInCounts: number;
  /** Whether it announces every paper there is. Its day counts until another source features the paper. */
  announcesAll: boolean;
  /** The hour of the day in New York by which papers are expected. */
  dueHour: number;
  /** Whether functions and operators can read it. */
  isRead: boolean;
  /** Whether each deployment reads it, so that a day without a record of it is worth showing. */
  isExpected: boolean;
  /** The days whose papers it can show: `past` days too, those of its `newest` announcement, or `present` ones. */
  shows: 'past' | 'newest' | 'present';
  /** The address of its page with a paper's comments, up to the paper's id. */
  discussions?: string;
}

/** The sources of papers by name. The order of names is that of a paper's `sources`. */
export const sourceFacts = {
  // The papers are put in over the day. No other source counts: the others give a zero or a guess.
  'hugging-face': {
    title: 'Hugging Face',
    trust: 20,
    trustInCounts: 40,
    announcesAll: false,
    dueHour: 16,
    isRead: true,
    isExpected: true,
    shows: 'past',
    discussions: 'https://huggingface.co/papers/',
  },
  // The authors' own archive, believed before the sources that copy it. The listing is there in the night.
  arxiv: {
    title: 'arXiv',
    trust: 30,
    trustInCounts: 20,
    announcesAll: true,
    dueHour: 8,
    isRead: true,
    isExpected: false,
    shows: 'newest',
  },
  // The Daily Papers page as text. It has no dates, so its papers are today's.
  page: {
    title: 'The Daily Papers page',
    trust: 10,
    trustInCounts: 10,
    announcesAll: false,
    dueHour: 16,
    isRead: true,
    isExpected: false,
    shows: 'present',
  },
  // A person who puts one paper, by its arXiv id or in full, and is believed before all others.
  curator: {
    title: 'Curators',
    trust: 40,
    trustInCounts: 30,
    announcesAll: false,
    dueHour: 24,
    isRead: false,
    isExpected: false,
    shows: 'present',
  },
} as const satisfies Record<string, SourceFacts>;

export type SourceName = keyof typeof sourceFacts;

/** The names of sources that can be read. */
export type ReadSourceName = {
  [Name in SourceName]: (typeof sourceFacts)[Name]['isRead'] extends true ? Name : never;
}[SourceName];

export const sourceNames = Object.keys(sourceFacts) as [SourceName, ...SourceName[]];

export const readSourceNames = sourceNames.filter(name => sourceFacts[name].isRead) as [
  ReadSourceName,
  ...ReadSourceName[],
];
