import { readFile } from 'node:fs/promises';
import { parsePage } from '../shared/papers/sources/page.ts';

/** The text of the small page that comes with the project. */
export function readSample(): Promise<string> {
  return readFile(new URL('./sample/daily-papers-page.txt', import.meta.url), 'utf8');
}

/**
 * The sample as a page of one day. A paper is featured once, on its first day, and known by its title: so each day's
 * titles differ, that there is something to read on every day, and nobody takes a sample for a paper.
 */
export function samplePageOf(sample: string, day: string): string {
  const { papers } = parsePage(sample, day);
  const lines = papers.flatMap(paper => [`${paper.title} (sample of ${day})`, paper.abstract]);
  return `${['Daily Papers', ...lines].join('\n\n')}\n`;
}
