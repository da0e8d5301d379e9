import type { Paper } from '../shared/papers/paper.ts';
import { addDays } from '../shared/time/day.ts';

/**
 * The number of different words. Their frequency follows Zipf's law: in real abstracts half of all words occur once or
 * twice.
 */
const vocabulary = 60_000;
const papersPerDay = 100;
const abstractWords = 170;
const syllables =
  'ba be bi bo bu da de di do du fa fe ga ge la le li lo ma me mi mo na ne ni no pa pe po ra re ri ro ru sa se si so ta te ti to va ve vi za ze zo'.split(
    ' ',
  );
const endings = ['n', 'r', 's', 't', 'l', 'ing', 'tion', 'ed', 'al', 'ity', ''];
const categories = ['cs.CL', 'cs.CV', 'cs.LG', 'cs.AI', 'cs.RO', 'stat.ML', 'math.ST', 'q-bio.NC'];

/** Pseudo-random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The word of a rank. Frequent words are short. */
export function wordOf(rank: number): string {
  let rest = rank;
  let word = '';
  do {
    word += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  } while (rest > 0);
  return word + endings[rank % endings.length];
}

/** A rank by Zipf's law. */
export function zipf(random: () => number): number {
  return Math.min(vocabulary - 1, Math.floor(vocabulary ** random()) - 1);
}

/** Made-up papers, 100 a day up to a last day, oldest first; the same for the same seed. */
export function* generatePapers(count: number, lastDay: string, seed = 1): Generator<Paper> {
  const random = randomFrom(seed);
  const words = (number: number) => Array.from({ length: number }, () => wordOf(zipf(random))).join(' ');
  const name = () =>
    `${capital(wordOf(Math.floor(random() * 400)))} ${capital(wordOf(1_000 + Math.floor(random() * 20_000)))}`;
  const days = Math.ceil(count / papersPerDay);
  for (let index = 0; index < count; index += 1) {
    const day = addDays(lastDay, Math.floor(index / papersPerDay) - days + 1);
    yield {
      id: `${day.slice(2, 4)}${day.slice(5, 7)}.${String(10_000 + (index % 89_999)).padStart(5, '0')}`,
      title: capital(words(6 + Math.floor(random() * 8))),
      abstract: `${capital(words(Math.floor(abstractWords * (0.6 + 0.8 * random()))))}.`,
      authors: Array.from({ length: 1 + Math.floor(random() * 8) }, name),
      publishedAt: `${addDays(day, -2)}T00:00:00Z`,
      day,
      upvotes: Math.floor(4 * random() ** -0.7),
      comments: Math.floor(3 * random()),
      url: 'https://arxiv.org/abs/2611.00001',
      categories: [categories[Math.floor(categories.length * random() ** 2)] as string],
      keywords: [words(1), words(2)],
      ...(random() < 0.3 && { codeUrl: 'https://github.com/example/code' }),
      sources: ['hugging-face'],
    };
  }
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
