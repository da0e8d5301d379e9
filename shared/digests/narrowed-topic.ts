import { createHash } from 'node:crypto';
import { createCache } from '../platform/cache.ts';

/**
 * A reader's topic, and the words that it does not mean: `history -"update histories"`. A paper with such words is not on the topic.
 */
export interface NarrowedTopic {
  topic: string;
  without: string[];
}

const leftOut = / -(?:"([^"]{1,80})"|(\p{L}[^\s"]{0,79}))/gu;

/** Reads an entry of the topics. One of left-out words alone is a topic itself. */
export function readNarrowedTopic(entry: string): NarrowedTopic {
  // Most entries leave nothing out, and are read for each mail.
  if (!entry.includes(' -')) return { topic: entry, without: [] };
  const topic = entry.replace(leftOut, '').trim();
  if (topic === '') return { topic: entry, without: [] };
  return { topic, without: [...entry.matchAll(leftOut)].map(([, phrase, word]) => phrase ?? word ?? '') };
}

/** The entry as it is written in the preferences. */
export function writeNarrowedTopic({ topic, without }: NarrowedTopic): string {
  return [topic, ...without.map(words => `-"${words}"`)].join(' ');
}

/** A cache by topic: the mails of many readers name the same. */
const keyOf = createCache<string, string>(2_000);

/** Names a topic in a link, so that a mail that is passed on does not tell it. */
export function topicKey(topic: string): string {
  return keyOf(topic, () => createHash('sha256').update(topic.toLowerCase()).digest('base64url').slice(0, 6));
}
