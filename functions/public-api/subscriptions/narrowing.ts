import { readNarrowedTopic, writeNarrowedTopic } from '../../../shared/digests/narrowed-topic.ts';
import { holdsWords, wordsOfMatch } from '../../../shared/digests/narrowing.ts';
import type { Paper } from '../../../shared/papers/paper.ts';
import { changeSubscription } from '../../../shared/sign-up/service.ts';
import { longestWord, type Preferences } from '../../../shared/subscribers/preferences.ts';
import type { Subscriber } from '../../../shared/subscribers/subscriber.ts';
import type { PublicServices } from '../services.ts';

/** How a reader's topic stands to a paper. */
export interface Narrowing {
  topic: string;
  /** The topic as it stands in the preferences. */
  entry: string;
  /** Whether the topic leaves the paper out. */
  narrowed: boolean;
  /** The words by which it leaves the paper out, or would. */
  words?: string | undefined;
}

/** @returns undefined when the reader has no such topic */
export function narrowingOf(
  { topics }: Pick<Preferences, 'topics'>,
  isTopic: (topic: string) => boolean,
  paper: Paper,
): Narrowing | undefined {
  const entry = topics.find(each => isTopic(readNarrowedTopic(each).topic));
  if (entry === undefined) return undefined;
  const { topic, without } = readNarrowedTopic(entry);
  const known = without.find(words => holdsWords(words, paper));
  if (known !== undefined) return { topic, entry, narrowed: true, words: known };
  const words = wordsOfMatch(topic, paper);
  const fits = words !== undefined && writeNarrowedTopic({ topic, without: [...without, words] }).length <= longestWord;
  return { topic, entry, narrowed: false, ...(fits && { words }) };
}

/**
 * Makes a topic leave a paper out by the words that made it match, or takes all such words of the paper back. Again, it changes
 * nothing.
 * @returns how the topic stands now; undefined when the reader has no such topic any more
 */
export async function changeNarrowing(
  services: Pick<PublicServices, 'subscriptions' | 'now'>,
  { id, preferences }: Subscriber,
  isTopic: (topic: string) => boolean,
  { paper, narrowed }: { paper: Paper; narrowed: boolean },
): Promise<Narrowing | undefined> {
  if (!narrowingOf(preferences, isTopic, paper)) return undefined;
  const changed = await changeSubscription(
    services.subscriptions,
    id,
    present => ({ topics: present.topics.map(entry => changedEntry(present, entry)) }),
    services.now(),
  );
  return changed && narrowingOf(changed.preferences, isTopic, paper);

  function changedEntry(present: Preferences, entry: string): string {
    const { topic, without } = readNarrowedTopic(entry);
    if (!isTopic(topic)) return entry;
    if (!narrowed) return writeNarrowedTopic({ topic, without: without.filter(words => !holdsWords(words, paper)) });
    const found = narrowingOf(present, isTopic, paper);
    if (!found?.words || found.narrowed) return entry;
    return writeNarrowedTopic({ topic, without: [...without, found.words] });
  }
}
