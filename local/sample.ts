import { readFile } from 'node:fs/promises';
import { parsePage } from '../shared/papers/sources/page.ts';

/** The project's sample page and sample day of Hugging Face's daily papers, in their sources' forms. */
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

/** The title says that it is a sample, so that it is not taken for a paper. */
const titleOn = (title: string, day: string) => `${title} (sample of ${day})`;

/**
 * The sample as the page of one day. A paper is featured once, on its first day, and is known by its title. So each
 * day's titles differ, and every day has papers.
 */
export function samplePageOf({ page }: Sample, day: string): string {
  const { papers } = parsePage(page, day);
  const lines = papers.flatMap(paper => [titleOn(paper.title, day), paper.abstract]);
  return `${['Daily Papers', ...lines].join('\n\n')}\n`;
}

/** The sample as Hugging Face's papers of one day, `2026-11-23`. Each day's papers have their own ids. */
export function sampleDailyPapersOf({ huggingFace }: Sample, day: string): HuggingFaceItem[] {
  const [year = '', month = '', date = ''] = day.split('-');
  return huggingFace.map((item, place) => {
    const title = titleOn(item.title, day);
    const at = `${day}T00:00:00.000Z`;
    const id = `${year.slice(2)}${month}.${date}${String(place + 1).padStart(3, '0')}`;
    return { ...item, title, paper: { ...item.paper, id, title, submittedOnDailyAt: at, publishedAt: at } };
  });
}
