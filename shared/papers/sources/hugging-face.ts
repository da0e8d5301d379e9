import * as z from 'zod';
import { paperIdSchema } from '../../events/ids.ts';
import { daySchema } from '../../time/day.ts';
import { firstDayOfWeek, monthSchema, weekSchema } from '../../time/period.ts';
import type { Paper } from '../paper.ts';
import { admitPaper, hasSomething, noteLost, type PaperRead } from '../read-paper.ts';
import type { FetchText } from './fetch-text.ts';
import { inOwnOrder } from './places.ts';
import { beginningOf, noteIncomplete, reasonOf, type Source, SourceError, type SourceReading } from './source.ts';

/** Most items that the API gives on a page. */
const itemsPerPage = 100;
/** No month has had more than twelve pages. The limit ends a run when the API's pages never end. */
const mostPages = 20;

/** The API's parameter for a period, and the day for items that state none. */
function readPeriod(period: string): { parameter: 'date' | 'week' | 'month'; day: string } {
  if (daySchema.safeParse(period).success) return { parameter: 'date', day: period };
  if (monthSchema.safeParse(period).success) return { parameter: 'month', day: `${period}-01` };
  if (weekSchema.safeParse(period).success) return { parameter: 'week', day: firstDayOfWeek(period) };
  throw new SourceError(`"${beginningOf(period)}" is no day, week or month.`);
}

/** Replaces half surrogate pairs, which can't be stored: the paper would differ at each reading. */
const text = z
  .string()
  .trim()
  .overwrite(value => value.replace(/\p{Surrogate}/gu, '\ufffd'));

/** The fields that an item must have. Other fields are ignored, as new ones are added often. */
const itemSchema = z.looseObject({
  paper: z.looseObject({
    id: paperIdSchema.refine(id => !id.startsWith('page:'), 'not an arXiv id'),
    title: text.min(1, 'it has no title'),
    summary: text.min(1, 'it has no abstract'),
  }),
});

/** The places of a paper's optional fields in an item. The first place with a value counts. */
const optionalFields = {
  authors: ['paper.authors'],
  // The outer `publishedAt` of an item is New York time marked as UTC, and not used.
  publishedAt: ['paper.publishedAt'],
  day: ['paper.submittedOnDailyAt'],
  upvotes: ['paper.upvotes'],
  comments: ['numComments'],
  keywords: ['paper.ai_keywords'],
  summary: ['paper.ai_summary'],
  codeUrl: ['paper.githubRepo'],
  codeStars: ['paper.githubStars'],
  projectUrl: ['paper.projectPage'],
  organization: ['organization', 'paper.organization'],
  thumbnailUrl: ['thumbnail'],
  mediaUrls: ['paper.mediaUrls', 'mediaUrls'],
  submittedBy: ['submittedBy'],
} as const satisfies { [Name in keyof Paper]?: readonly string[] };

const authorSchema = z.object({ name: text.min(1), hidden: z.boolean().nullish() });

const withdrawnSchema = z.object({ paper: z.object({ withdrawnAt: z.string().min(1) }) });
const namedSchema = z.object({
  paper: z.object({ id: text.min(1).optional().catch(undefined), title: text.min(1).optional().catch(undefined) }),
});

/**
 * Reads an answer of `GET /api/daily_papers` item by item and field by field: a broken item or field affects nothing
 * else. The order of the list is kept.
 * @param json the parsed array
 * @param day the requested day, for items that state none
 * @throws SourceError when `json` is no array
 */
export function parseHuggingFace(json: unknown, day: string): SourceReading {
  if (!Array.isArray(json)) throw new SourceError('Hugging Face did not answer with a list of papers.');
  const reading: SourceReading = { papers: [], rejected: [] };
  const ids = new Set<string>();
  for (const [place, item] of json.entries()) {
    const read = parseItem(item, day);
    if ('reason' in read) {
      reading.rejected.push({ entry: nameOf(item, place), reason: read.reason });
      continue;
    }
    const { paper, lost } = read;
    if (ids.has(paper.id)) reading.rejected.push({ entry: paper.id, reason: 'it is in the list already' });
    else {
      ids.add(paper.id);
      reading.papers.push(paper);
      noteIncomplete(reading, paper.id, lost);
    }
  }
  return { ...reading, papers: inOwnOrder(reading.papers) };
}

/** The same from the JSON's text. @throws SourceError also when the text is no JSON */
export function parseHuggingFaceText(text: string, day: string): SourceReading {
  return parseHuggingFace(parseJson(text), day);
}

/**
 * Hugging Face's API of daily papers.
 * @param baseUrl `https://huggingface.co`
 */
export function createHuggingFaceSource({ baseUrl, fetchText }: { baseUrl: string; fetchText: FetchText }): Source {
  return {
    name: 'hugging-face',
    async read(period) {
      const { parameter, day } = readPeriod(period);
      let items: unknown[] = [];
      for (let page = 0; page < mostPages; page += 1) {
        const url = new URL('/api/daily_papers', baseUrl);
        url.search = new URLSearchParams({
          [parameter]: period,
          limit: String(itemsPerPage),
          p: String(page),
        }).toString();
        const answer = parseJson(await fetchText(url.href, 'application/json'));
        if (!Array.isArray(answer)) throw new SourceError('Hugging Face did not answer with a list of papers.');
        items = items.concat(answer);
        if (answer.length < itemsPerPage) return parseHuggingFace(items, day);
      }
      throw new SourceError(`Hugging Face's list of ${period} does not end after ${mostPages} pages.`);
    },
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SourceError('Hugging Face did not answer with JSON.');
  }
}

function parseItem(item: unknown, askedDay: string): PaperRead {
  const withdrawn = withdrawnSchema.safeParse(item);
  if (withdrawn.success) return { reason: `withdrawn at ${beginningOf(withdrawn.data.paper.withdrawnAt)}` };
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return { reason: reasonOf(parsed.error) };
  const { paper, ...outer } = parsed.data;
  const fields: Record<string, unknown> = {};
  const names: Record<string, string> = {};
  for (const [name, places] of Object.entries(optionalFields)) {
    const values = places.map(place => (place.startsWith('paper.') ? paper[place.slice(6)] : outer[place]));
    const found = Math.max(0, values.findIndex(hasSomething));
    fields[name] = hasSomething(values[found]) ? tidy(values[found]) : undefined;
    names[name] = places[found] ?? name;
  }
  const lost: string[] = [];
  const note = noteLost(lost);
  const taken = <T>(name: keyof typeof optionalFields, read: T | undefined, form: string) =>
    note(names[name] ?? name, fields[name], read, form);
  if (hasSomething(paper.withdrawnAt)) lost.push('paper.withdrawnAt: it is not a time');
  const { names: authors, odd } = namesOf(fields.authors);
  lost.push(...odd.map(place => `${names.authors}${place}: it is not an author with a name`));
  const read = admitPaper(
    {
      ...fields,
      id: paper.id,
      title: paper.title,
      abstract: paper.summary,
      authors,
      publishedAt: taken('publishedAt', inUtc(fields.publishedAt), 'a date with a time'),
      organization: taken('organization', nameIn(fields.organization, 'fullname', 'name'), 'an object with a name'),
      submittedBy: taken('submittedBy', nameIn(fields.submittedBy, 'fullname'), 'an object with a full name'),
      day: taken('day', dayOf(fields.day), 'a date with a time') ?? askedDay,
      url: `https://arxiv.org/abs/${paper.id}`,
      pdfUrl: `https://arxiv.org/pdf/${paper.id}`,
      categories: [],
      sources: ['hugging-face'],
    },
    names,
  );
  return 'reason' in read ? read : { paper: read.paper, lost: [...lost, ...read.lost] };
}

function tidy(value: unknown): unknown {
  if (typeof value === 'string') return text.parse(value) || undefined;
  return Array.isArray(value) ? value.map(one => (typeof one === 'string' ? text.parse(one) : one)) : value;
}

/**
 * The names of the authors that are not hidden, and the places of entries that are no author: `.3`, or the empty text
 * for the whole field.
 */
function namesOf(authors: unknown): { names: string[]; odd: string[] } {
  if (authors === undefined) return { names: [], odd: [] };
  if (!Array.isArray(authors)) return { names: [], odd: [''] };
  const read = authors.map((author: unknown) => authorSchema.safeParse(author).data);
  return {
    names: read.flatMap(author => (author && !author.hidden ? author.name : [])),
    odd: read.flatMap((author, place) => (author ? [] : `.${place}`)),
  };
}

/** The first usable name of an object under these keys; undefined when there is none. */
function nameIn(value: unknown, ...keys: string[]): string | undefined {
  const named = z.record(z.string(), z.unknown()).safeParse(value).data ?? {};
  return keys.flatMap(key => text.min(1).safeParse(named[key]).data ?? [])[0];
}

const instantSchema = z.iso.datetime({ offset: true });

/** An instant as it is stored, with milliseconds and in UTC. */
function inUtc(value: unknown): string | undefined {
  const instant = instantSchema.safeParse(value).data;
  return instant && new Date(instant).toISOString();
}

function dayOf(value: unknown): string | undefined {
  return daySchema.safeParse(instantSchema.safeParse(value).data?.slice(0, 10)).data;
}

/** A name for a broken item, for an operator. */
function nameOf(item: unknown, place: number): string {
  const named = namedSchema.safeParse(item).data?.paper;
  return beginningOf(named?.id ?? named?.title ?? `item ${place + 1}`);
}
