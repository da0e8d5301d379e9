/* Plain BM25 (Robertson and Zaragoza 2009), the anchor of the readers' selections. */

const k1 = 1.5;
const b = 0.75;

/** The documents' scores for a query, in their order. Words are compared in small letters, without stemming. */
export function bm25(documents: readonly string[]): (query: string) => number[] {
  const words = documents.map(wordsOf);
  const average = words.reduce((sum, own) => sum + own.length, 0) / Math.max(1, words.length);
  const counts = words.map(own => {
    const count = new Map<string, number>();
    for (const word of own) count.set(word, (count.get(word) ?? 0) + 1);
    return count;
  });
  return query => {
    const scores = documents.map(() => 0);
    for (const word of wordsOf(query)) {
      const having = counts.filter(count => count.has(word)).length;
      const rarity = Math.log(1 + (documents.length - having + 0.5) / (having + 0.5));
      for (const [place, count] of counts.entries()) {
        const often = count.get(word) ?? 0;
        const length = 1 - b + (b * (words[place]?.length ?? 0)) / average;
        scores[place] = (scores[place] ?? 0) + (rarity * often * (k1 + 1)) / (often + k1 * length);
      }
    }
    return scores;
  };
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
