import * as z from 'zod';
import { firstDayOfWeek } from '../day.ts';
import { daySchema, type Paper, paperIdSchema, paperSchema, webAddressSchema } from '../paper.ts';
import { monthSchema, weekSchema } from '../period.ts';
import type { FetchText } from './fetch-text.ts';
import { beginningOf, reasonOf, type Source, SourceError, type SourceReading } from './source.ts';

/** Most items a page that the API gives. */
const itemsPerPage = 100;
/** No month has had more than twelve pages; an API that never ends must not hold the run. */
const mostPages = 20;

/** The API's parameter for a period, and the day of items in it that don't say their own. */
function readPeriod(period: string): { parameter: 'date' | 'week' | 'month'; day: string } {
  if (daySchema.safeParse(period).success) return { parameter: 'date', day: period };
  if (monthSchema.safeParse(period).success) return { parameter: 'month', day: `${period}-01` };
  if (weekSchema.safeParse(period).success) return { parameter: 'week', day: firstDayOfWeek(period) };
  throw new SourceError(`"${beginningOf(period)}" is no day, week or month.`);
}

/** Something nice to have: when it is missing, null or not of its form, the paper goes in without it. */
function optional<T extends z.ZodType>(schema: T) {
  return z.optional(schema).catch(undefined);
}

/** Half a surrogate pair can't be stored: the paper would look changed at each reading. */
const text = z
  .string()
  .trim()
  .overwrite(value => value.replace(/\p{Surrogate}/gu, '\ufffd'));
const name = text.min(1);
const count = z.int().nonnegative();

/** Of a list, what is good: one broken address costs only itself. */
const webAddresses = z
  .array(z.unknown())
  .transform(list => list.slice(0, 100).flatMap(one => webAddressSchema.safeParse(one).data ?? []));

const organizationSchema = z.object({ fullname: optional(name), name: optional(name) });

/** The part of an item that is used; new fields keep coming and are left out. */
const itemSchema = z.object({
  paper: z.object({
    id: paperIdSchema.refine(id => !id.startsWith('page:'), 'not an arXiv id'),
    title: text.min(1, 'it has no title'),
    summary: text.min(1, 'it has no abstract'),
    authors: z.array(z.object({ name: text, hidden: z.boolean().nullish() })).nullish(),
    // The outer `publishedAt` of an item is New York wall-clock time stamped as UTC.
    publishedAt: z.iso.datetime({ offset: true }).nullish(),
    submittedOnDailyAt: optional(z.iso.datetime({ offset: true })),
    upvotes: count.nullish(),
    ai_summary: optional(name),
    ai_keywords: optional(z.array(name)),
    githubRepo: optional(webAddressSchema),
    githubStars: optional(count),
    projectPage: optional(webAddressSchema),
    mediaUrls: optional(webAddresses),
    organization: optional(organizationSchema),
  }),
  thumbnail: optional(webAddressSchema),
  mediaUrls: optional(webAddresses),
  numComments: optional(count),
  submittedBy: optional(z.object({ fullname: optional(name) })),
  organization: optional(organizationSchema),
});

const withdrawnSchema = z.object({ paper: z.object({ withdrawnAt: z.string().min(1) }) });
const namedSchema = z.object({
  paper: z.object({ id: optional(name), title: optional(name) }),
});

/**
 * Reads an answer of `GET /api/daily_papers`: each item by itself, so that a broken one costs that paper only.
 * @param json the parsed array
 * @param day the day that was asked for, used where an item doesn't say its own
 * @throws SourceError when it isn't an array
 */
export function parseHuggingFace(json: unknown, day: string): SourceReading {
  if (!Array.isArray(json)) throw new SourceError('Hugging Face did not answer with a list of papers.');
  const reading: SourceReading = { papers: [], rejected: [] };
  const ids = new Set<string>();
  for (const [place, item] of json.entries()) {
    const result = parseItem(item, day);
    if (typeof result === 'string') reading.rejected.push({ entry: nameOf(item, place), reason: result });
    else if (ids.has(result.id)) reading.rejected.push({ entry: result.id, reason: 'it is in the list already' });
    else {
      ids.add(result.id);
      reading.papers.push(result);
    }
  }
  return reading;
}

/** The same from the JSON's text. @throws SourceError also when it is no JSON */
export function parseHuggingFaceText(text: string, day: string): SourceReading {
  return parseHuggingFace(parseJson(text), day);
}

/**
 * The daily-papers API of Hugging Face.
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

/** A paper, or the reason why the item is none. */
function parseItem(item: unknown, askedDay: string): Paper | string {
  const withdrawn = withdrawnSchema.safeParse(item);
  if (withdrawn.success) return `withdrawn at ${beginningOf(withdrawn.data.paper.withdrawnAt)}`;
  const parsed = itemSchema.safeParse(item);
  if (!parsed.success) return reasonOf(parsed.error);
  const paper = paperSchema.safeParse(paperOf(parsed.data, askedDay));
  return paper.success ? paper.data : reasonOf(paper.error);
}

function paperOf(item: z.infer<typeof itemSchema>, askedDay: string): object {
  const { paper } = item;
  const organization = item.organization ?? paper.organization;
  const mediaUrls = paper.mediaUrls ?? item.mediaUrls ?? [];
  const fields = {
    id: paper.id,
    title: paper.title,
    abstract: paper.summary,
    authors: (paper.authors ?? []).flatMap(author => (author.hidden ? [] : author.name || [])),
    publishedAt: paper.publishedAt ? new Date(paper.publishedAt).toISOString() : undefined,
    day: paper.submittedOnDailyAt ? paper.submittedOnDailyAt.slice(0, 10) : askedDay,
    upvotes: paper.upvotes ?? 0,
    comments: item.numComments,
    url: `https://arxiv.org/abs/${paper.id}`,
    pdfUrl: `https://arxiv.org/pdf/${paper.id}`,
    categories: [],
    keywords: paper.ai_keywords ?? [],
    sources: ['hugging-face'],
    summary: paper.ai_summary,
    codeUrl: paper.githubRepo,
    codeStars: paper.githubStars,
    projectUrl: paper.projectPage,
    organization: organization?.fullname ?? organization?.name,
    thumbnailUrl: item.thumbnail,
    mediaUrls: mediaUrls.length > 0 ? mediaUrls : undefined,
    submittedBy: item.submittedBy?.fullname,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** What names a broken item for a person. */
function nameOf(item: unknown, place: number): string {
  const named = namedSchema.safeParse(item).data?.paper;
  return beginningOf(named?.id ?? named?.title ?? `item ${place + 1}`);
}
