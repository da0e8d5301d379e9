import type { Item } from '../../shared/platform/dynamo.ts';

/** The columns of the table: what may be wrong with one item among good ones. */
export const kinds = [
  'empty after cleaning',
  'too long',
  'wrong type',
  'encoded word',
  'control and non-characters',
  'unknown zone',
  'unknown enum',
  'future schema',
  'damaged stored item',
] as const;

export type Kind = (typeof kinds)[number];

/** What becomes of the item itself: it is shown, or left out and named; or why the cell makes no sense. */
export interface Poison {
  change: (item: Item) => Item;
  becomes: 'shown' | 'left out';
}

/** What makes a stored item poisoned, by kind; a text says why there is no such item. */
export type Poisons = Record<Kind, Poison | string>;

const strange = 'A\u0000\u0007\u202eb\ufffe\uffff\ud83d\ude00';

export const paperPoisons: Poisons = {
  'empty after cleaning': {
    change: item => ({ ...item, title: '{}', abstract: '\u0007\u200b', authors: ['\u200b', '{}'] }),
    becomes: 'shown',
  },
  'too long': { change: item => ({ ...item, title: 'x'.repeat(20_000) }), becomes: 'left out' },
  'wrong type': {
    change: item => ({ ...item, authors: 'nobody', upvotes: 'many', keywords: [7, null], url: {} }),
    becomes: 'shown',
  },
  'encoded word': { change: item => ({ ...item, title: '=?utf-8?Q?=7Bx=7D?= zyzzyva' }), becomes: 'shown' },
  'control and non-characters': {
    change: item => ({ ...item, title: strange, authors: [strange], summary: strange }),
    becomes: 'shown',
  },
  'unknown zone': 'a paper has no zone',
  'unknown enum': { change: item => ({ ...item, sources: ['a-later-source'] }), becomes: 'left out' },
  'future schema': {
    change: item => ({
      ...item,
      shape: 9,
      sources: ['hugging-face', 'a-later-source'],
      authors: [{ name: 'A. Author' }],
    }),
    becomes: 'shown',
  },
  'damaged stored item': {
    change: ({ title: _, abstract: __, authors: ___, ...rest }) => ({ ...rest, origins: 7, readAt: 'x' }),
    becomes: 'left out',
  },
};

const withPreferences = (preferences: Item) => (item: Item) => ({
  ...item,
  preferences: { ...(item.preferences as Item), ...preferences },
});

/** `shown`: the reader still gets mail. */
export const readerPoisons: Poisons = {
  'empty after cleaning': { change: withPreferences({ topics: ['\u200b'], authors: [''] }), becomes: 'shown' },
  'too long': { change: withPreferences({ topics: ['x'.repeat(5_000)], maxPapers: 9_000 }), becomes: 'shown' },
  'wrong type': { change: withPreferences({ topics: 7, muted: null, sendHour: 'seven' }), becomes: 'shown' },
  'encoded word': { change: withPreferences({ topics: ['=?utf-8?Q?=7Bx=7D?='] }), becomes: 'shown' },
  'control and non-characters': { change: withPreferences({ topics: [strange, '{x}', 'NaN'] }), becomes: 'shown' },
  'unknown zone': {
    change: item => ({ ...withPreferences({ timeZone: 'Mars/Base' })(item), sendSlot: 'Mars/Base#7' }),
    becomes: 'shown',
  },
  'unknown enum': { change: item => ({ ...item, status: 'asleep' }), becomes: 'left out' },
  'future schema': {
    change: item => ({ ...withPreferences({ frequency: 'hourly', tone: 'warm' })(item), generation: 3 }),
    becomes: 'shown',
  },
  'damaged stored item': {
    change: ({ address: _, ...rest }) => ({ ...rest, preferences: 'none' }),
    becomes: 'left out',
  },
};

export const digestPoisons: Poisons = {
  'empty after cleaning': { change: item => ({ ...item, subject: '\u200b' }), becomes: 'shown' },
  'too long': { change: item => ({ ...item, note: 'x'.repeat(50_000) }), becomes: 'shown' },
  'wrong type': { change: item => ({ ...item, papers: 'none' }), becomes: 'left out' },
  'encoded word': { change: item => ({ ...item, subject: '=?utf-8?Q?=7Bx=7D?=' }), becomes: 'shown' },
  'control and non-characters': { change: item => ({ ...item, subject: strange, note: strange }), becomes: 'shown' },
  'unknown zone': 'a digest has no zone',
  'unknown enum': { change: item => ({ ...item, status: 'resting' }), becomes: 'left out' },
  'future schema': {
    change: item => ({ ...item, shape: 9, papers: [...(item.papers as Item[]), { id: 7 }] }),
    becomes: 'shown',
  },
  'damaged stored item': { change: ({ pk, sk, kind, date }) => ({ pk, sk, kind, date }), becomes: 'left out' },
};
