import { mostPlaces, type Paper } from '../paper.ts';

/** Gives the papers of a source's list their places in its order, each among those of its day. */
export function inOwnOrder(papers: readonly Paper[]): Paper[] {
  const places = new Map<string, number>();
  return papers.map(paper => {
    const { day } = paper;
    const place = (places.get(day) ?? 0) + 1;
    places.set(day, place);
    return place > mostPlaces ? paper : { ...paper, sourcePlace: { day, place } };
  });
}
