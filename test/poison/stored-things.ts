import { NumberValue } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../../shared/platform/dynamo.ts';
import { encodedWord, endless, type Poisons, strange } from './kinds.ts';

/* Stored items, by kind of poison. */

/** DynamoDB holds numbers that are none here. */
const beyond = NumberValue.from('9007199254740993.5');

export const papers: Poisons = {
  'empty after cleaning': {
    change: item => ({ ...item, title: '{}', abstract: '\u0007\u200b', authors: ['\u200b', '{}'] }),
    becomes: 'shown',
  },
  'too long': { change: item => ({ ...item, title: endless }), becomes: 'left out' },
  'wrong type': {
    change: item => ({ ...item, authors: 'nobody', upvotes: 'many', comments: beyond, keywords: [7, null], url: {} }),
    becomes: 'shown',
  },
  'encoded word': {
    change: item => ({ ...item, title: `${encodedWord} zyzzyva`, authors: [encodedWord], summary: encodedWord }),
    becomes: 'shown',
  },
  'control and non-characters': {
    change: item => ({ ...item, title: strange, authors: [strange], summary: strange }),
    becomes: 'shown',
  },
  'unknown zone': 'a paper has no zone: its days are dates',
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
export const readers: Poisons = {
  'empty after cleaning': { change: withPreferences({ topics: ['\u200b'], authors: [''] }), becomes: 'shown' },
  'too long': { change: withPreferences({ topics: ['x'.repeat(5_000)], maxPapers: 9_000 }), becomes: 'shown' },
  'wrong type': { change: withPreferences({ topics: 7, muted: null, sendHour: 'seven' }), becomes: 'shown' },
  'encoded word': { change: withPreferences({ topics: [encodedWord] }), becomes: 'shown' },
  'control and non-characters': { change: withPreferences({ topics: [strange, '{x}', 'NaN'] }), becomes: 'shown' },
  'unknown zone': {
    change: item => ({ ...withPreferences({ timeZone: 'Mars/Base' })(item), sendSlot: 'Mars/Base#7' }),
    becomes: 'shown',
  },
  'unknown enum': { change: item => ({ ...item, status: 'asleep' }), becomes: 'left out' },
  'future schema': {
    change: item => ({ ...withPreferences({ frequency: 'hourly', tone: 'warm' })(item), rank: beyond }),
    becomes: 'shown',
  },
  'damaged stored item': {
    change: ({ address: _, ...rest }) => ({ ...rest, preferences: 'none' }),
    becomes: 'left out',
  },
};

export const digests: Poisons = {
  'empty after cleaning': { change: item => ({ ...item, subject: '\u200b' }), becomes: 'shown' },
  'too long': { change: item => ({ ...item, note: 'x'.repeat(50_000) }), becomes: 'shown' },
  'wrong type': { change: item => ({ ...item, papers: 'none', publishedAt: 'x' }), becomes: 'left out' },
  'encoded word': { change: item => ({ ...item, subject: encodedWord }), becomes: 'shown' },
  'control and non-characters': { change: item => ({ ...item, subject: strange, note: strange }), becomes: 'shown' },
  'unknown zone': 'a digest has no zone: its readers have',
  'unknown enum': { change: item => ({ ...item, status: 'resting' }), becomes: 'left out' },
  'future schema': {
    change: item => ({ ...item, shape: beyond, papers: [...(item.papers as Item[]), { id: 7 }] }),
    becomes: 'shown',
  },
  'damaged stored item': { change: ({ pk, sk, kind, date }) => ({ pk, sk, kind, date }), becomes: 'left out' },
};

const noText = 'a delivery holds no text but our own words';

/** One delivery in a stored batch. */
export const deliveries: Poisons<unknown> = {
  'empty after cleaning': noText,
  'too long': { change: () => ({ state: 'planned', reason: endless }), becomes: 'shown' },
  'wrong type': { change: () => ({ state: 7, since: 'x' }), becomes: 'left out' },
  'encoded word': noText,
  'control and non-characters': noText,
  'unknown zone': 'a delivery has no zone: its reader has',
  'unknown enum': { change: () => ({ state: 'dreaming' }), becomes: 'left out' },
  'future schema': { change: () => ({ state: 'planned', attempts: [] }), becomes: 'shown' },
  'damaged stored item': { change: () => null, becomes: 'left out' },
};

/** A whole stored batch beside another. */
export const batches: Poisons = {
  'empty after cleaning': 'a batch holds no text',
  'too long': 'a batch that is too long can’t be stored: its own writer is refused',
  'wrong type': { change: item => ({ ...item, deliveries: 7, queuedAt: 'x', leaseUntil: 'x' }), becomes: 'left out' },
  'encoded word': 'a batch holds no text',
  'control and non-characters': 'a batch holds no text',
  'unknown zone': 'a batch has no zone',
  'unknown enum': 'a batch has no field of some values: its deliveries have, above',
  'future schema': { change: item => ({ ...item, shape: beyond }), becomes: 'shown' },
  'damaged stored item': { change: item => ({ ...item, deliveries: '{"half' }), becomes: 'left out' },
};
