import { readFile } from 'node:fs/promises';
import { parsePage } from '../shared/papers/sources/page.ts';

/** The small page and the day of Hugging Face's daily papers that come with the project, as their sources give them. */
export interface Sample {
  page: string;
  huggingFace: HuggingFaceItem[];
}

interface HuggingFaceItem {
  title: string;
  paper: { id: string; title: string; submittedOnDailyAt: string; publishedAt: string };
}

export async function readSample(): Promise<Sample> {
  const read = (name: string) => readFile(new URL(`./sample/${name}`, import.meta.url), 'utf8');
  return { page: await read('daily-papers-page.txt'), huggingFace: JSON.parse(await read('hugging-face.json')) };
}

/** Nobody should take a sample for a paper. */
const titleOn = (title: string, day: string) => `${title} (sample of ${day})`;

/**
 * The sample as a page of one day. A paper is featured once, on its first day, and known by its title: so each day's
 * titles differ, that there is something to read on every day.
 */
export function samplePageOf({ page }: Sample, day: string): string {
  const { papers } = parsePage(page, day);
  const lines = papers.flatMap(paper => [titleOn(paper.title, day), paper.abstract]);
  return `${['Daily Papers', ...lines].join('\n\n')}\n`;
}

/** The sample as what Hugging Face features on one day, `2026-11-23`; each day's papers have ids of their own. */
export function sampleDailyPapersOf({ huggingFace }: Sample, day: string): HuggingFaceItem[] {
  const [year = '', month = '', date = ''] = day.split('-');
  return huggingFace.map((item, place) => {
    const title = titleOn(item.title, day);
    const at = `${day}T00:00:00.000Z`;
    const id = `${year.slice(2)}${month}.${date}${String(place + 1).padStart(3, '0')}`;
    return { ...item, title, paper: { ...item.paper, id, title, submittedOnDailyAt: at, publishedAt: at } };
  });
}
