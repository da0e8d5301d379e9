import * as z from 'zod';
import type { Paper } from '../paper.ts';
import { admitPaper, noteLost } from '../read-paper.ts';
import { parseArxivId } from './arxiv-id.ts';
import { inOwnOrder } from './places.ts';
import { beginningOf, noteIncomplete, reasonOf, SourceError, type SourceReading } from './source.ts';
import { parseXml, xmlText } from './xml.ts';

/* arXiv's three formats: Atom of the query API, and the daily feeds of announced papers as Atom and as RSS. */

const optionalText = z.optional(xmlText).catch(undefined);
const term = z
  .object({ '@term': z.string().min(1) })
  .transform(category => category['@term'])
  .or(xmlText);
/** An entry of the query API. @see https://info.arxiv.org/help/api/user-manual.html#_entry_metadata */
const querySchema = z.looseObject({
  id: xmlText,
  title: xmlText.pipe(z.string().min(1, 'it has no title')),
  summary: xmlText.pipe(z.string().min(1, 'it has no abstract')),
});

/** An entry of a daily feed, as Atom or RSS. @see https://info.arxiv.org/help/rss_specifications.html */
const feedSchema = z.looseObject({
  title: xmlText.pipe(z.string().min(1, 'it has no title')),
  'arxiv:announce_type': optionalText,
});

const announced = /^arXiv:\S+\s+Announce Type:\s*([a-z-]+)\s+Abstract:(.*)$/s;

/** New versions of papers that were announced before. */
const replacements: ReadonlySet<string> = new Set(['replace', 'replace-cross', 'absonly']);

export type FeedReading = SourceReading & Required<Pick<SourceReading, 'updates'>>;

/** A paper of the day, a new version of another day's paper, or the reason why an entry is neither. */
type Entry = { paper: Paper; isUpdate: boolean; lost: string[] } | string;

/**
 * Reads an answer of arXiv. A broken entry affects only its own paper.
 * @param day the day for papers of the query API; entries of a daily feed state their own
 * @throws SourceError when the answer has none of the three formats, was cut off, or is an error message of the API,
 * which comes as an entry
 */
export function parseArxiv(text: string, day: string): SourceReading {
  const root = parseXml(text, ['feed', 'rss']);
  if (root.channel !== undefined || root['@version'] !== undefined) {
    const channel = z.looseObject({ item: z.array(z.unknown()).default([]) }).safeParse(root.channel || {});
    if (!channel.success) throw new SourceError('The answer is RSS without a channel.');
    return readAnnounced(channel.data.item, item => parseAnnounced(item, 'guid', 'description', 'pubDate', day));
  }
  const { data: entries } = z.array(z.unknown()).safeParse(root.entry ?? []);
  if (!entries) throw new SourceError('The answer is no Atom feed.');
  const isDaily = /rss\.arxiv\.org/.test(xmlText.safeParse(root.id).data ?? '');
  if (isDaily) return readAnnounced(entries, entry => parseAnnounced(entry, 'id', 'summary', 'published', day));
  const total = Number(xmlText.safeParse(root['opensearch:totalResults']).data ?? 0);
  const start = Number(xmlText.safeParse(root['opensearch:startIndex']).data ?? 0);
  if (entries.length === 0 && total > start) {
    throw new SourceError(`arXiv answered with an empty page of ${total} papers.`, { mayPass: true });
  }
  return readEntries(entries, entry => parseFound(entry, day));
}

function readEntries(entries: unknown[], parse: (entry: unknown) => Entry): SourceReading {
  const reading: FeedReading = { papers: [], updates: [], rejected: [] };
  const ids = new Set<string>();
  for (const [place, entry] of entries.entries()) addTo(reading, ids, parse(entry), nameOf(entry, place));
  return reading;
}

/** A daily feed has the order of arXiv's listing. That of the query API is the asker's. */
function readAnnounced(entries: unknown[], parse: (entry: unknown) => Entry): SourceReading {
  const reading = readEntries(entries, parse);
  return { ...reading, papers: inOwnOrder(reading.papers) };
}

/**
 * Adds an entry to a reading.
 * @param ids ids of the papers that were added before
 * @param name names the entry if it is rejected
 */
export function addTo(reading: FeedReading, ids: Set<string>, entry: Entry, name: string): void {
  if (typeof entry === 'string') {
    reading.rejected.push({ entry: name, reason: entry });
    return;
  }
  const { paper, isUpdate, lost } = entry;
  if (ids.has(paper.id)) {
    reading.rejected.push({ entry: paper.id, reason: 'it is in the list already' });
    return;
  }
  ids.add(paper.id);
  reading[isUpdate ? 'updates' : 'papers'].push(paper);
  noteIncomplete(reading, paper.id, lost);
}

/** @throws SourceError when the entry is an error message of the API */
function parseFound(entry: unknown, day: string): Entry {
  const parsed = querySchema.safeParse(entry);
  if (!parsed.success) return reasonOf(parsed.error);
  const found = parsed.data;
  if (/arxiv\.org\/api\/errors/.test(found.id)) throw new SourceError(`arXiv refused: ${beginningOf(found.summary)}`);
  const lost: string[] = [];
  const optional = optionalOf(found, lost);
  const authorComment = optional.text('arxiv:comment');
  const fields = {
    title: found.title,
    abstract: found.summary,
    authors: optional.list('author', author, 'an author with a name'),
    publishedAt: optional.instant('published'),
    updatedAt: optional.instant('updated'),
    day,
    categories: optional.categories('arxiv:primary_category', 'category'),
    authorComment,
    journalRef: optional.text('arxiv:journal_ref'),
    doi: optional.text('arxiv:doi'),
    withdrawn: saysWithdrawn(found.title, found.summary, authorComment),
  };
  return paperOf(found.id, fields, { lost });
}

function parseAnnounced(entry: unknown, idName: string, textName: string, dateName: string, askedDay: string): Entry {
  const raw = z.looseObject({}).safeParse(entry).data ?? {};
  const parsed = feedSchema.safeParse(entry);
  if (!parsed.success) return reasonOf(parsed.error);
  const [, typeInText, text = ''] = announced.exec(xmlText.safeParse(raw[textName]).data ?? '') ?? [];
  const abstract = text.trim();
  if (abstract === '') return 'it has no abstract';
  const type = parsed.data['arxiv:announce_type'] ?? typeInText ?? '';
  if (type !== 'new' && type !== 'cross' && !replacements.has(type))
    return `its announce type is "${beginningOf(type)}"`;
  const { title } = parsed.data;
  const lost: string[] = [];
  const optional = optionalOf(raw, lost);
  const day = announcedOn(xmlText.safeParse(raw[dateName]).data);
  const fields = {
    title,
    abstract,
    authors: namesIn(optional.list('dc:creator', xmlText, 'a text of names').join(', ')),
    day: noteLost(lost)(dateName, raw[dateName], day, 'a date') ?? askedDay,
    categories: optional.categories('category'),
    journalRef: optional.text('arxiv:journal_reference'),
    doi: optional.text('arxiv:DOI'),
    // The feed has no comments. So only the query API can state that a paper is not withdrawn.
    withdrawn: saysWithdrawn(title, abstract) || undefined,
  };
  return paperOf(xmlText.safeParse(raw[idName]).data ?? '', fields, { isUpdate: replacements.has(type), lost });
}

const author = z.object({ name: xmlText }).transform(({ name }) => name);

/** Makes readers of optional fields. An odd value is left out and noted in `lost`. */
function optionalOf(entry: Record<string, unknown>, lost: string[]) {
  const taken = noteLost(lost);
  const text = (name: string) => taken(name, entry[name], xmlText.safeParse(entry[name]).data, 'a text') || undefined;
  const list = (name: string, schema: z.ZodType<string>, form: string) =>
    [entry[name] ?? []].flat().flatMap((one, place) => {
      return taken(`${name}.${place}`, one, schema.safeParse(one).data, form) || [];
    });
  return {
    text,
    list,
    instant: (name: string) => taken(name, entry[name], instant(text(name)), 'a date with a time'),
    /** Without repetitions; the categories of the first name come first. */
    categories: (...names: string[]) => [...new Set(names.flatMap(name => list(name, term, 'a category')))],
  };
}

/** Makes a paper from its id and other fields, or returns the reason why the entry is no paper. */
export function paperOf(
  rawId: string,
  fields: Record<string, unknown>,
  { isUpdate = false, lost = [] }: { isUpdate?: boolean; lost?: string[] } = {},
): Entry {
  const named = parseArxivId(rawId);
  if (!named) return `"${beginningOf(rawId)}" is no arXiv id`;
  const { id, version } = named;
  const all = {
    id,
    version,
    upvotes: 0,
    keywords: [],
    sources: ['arxiv'],
    url: `https://arxiv.org/abs/${id}`,
    pdfUrl: `https://arxiv.org/pdf/${id}`,
    ...fields,
  };
  const read = admitPaper(all);
  return 'reason' in read ? read.reason : { paper: read.paper, isUpdate, lost: [...lost, ...read.lost] };
}

/** Whether a paper's title, comment or abstract says that it was withdrawn: arXiv has no flag for that. */
export function saysWithdrawn(title: string, abstract: string, comment = ''): boolean {
  const sentence =
    /^\W*(?:(?:this|the) \w+ (?:has been|have been|was|is) (?:temporarily )?(?:withdrawn|retracted)|(?:paper |article )?(?:withdrawn|retracted)\b)/i;
  const lateInComment = /[.;] ?(?:this \w+ has been )?withdrawn (?:by|due|because)\b/i;
  return [title, abstract, comment].some(text => sentence.test(text)) || lateInComment.test(comment);
}

/** An instant as it is stored, with milliseconds and in UTC; undefined when the text is no date. */
function instant(text: string | undefined): string | undefined {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/**
 * The day of a feed's date in the date's own zone, which is arXiv's. It reads `2026-11-23T00:00:00-05:00` and RFC 822's
 * form.
 */
function announcedOn(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^\d{4}-\d{2}-\d{2}T/.test(text)) return text.slice(0, 10);
  const at = Date.parse(text.replace(/[+-]\d{4}$|[A-Z]{3}$/, 'GMT'));
  return Number.isNaN(at) ? undefined : new Date(at).toISOString().slice(0, 10);
}

/** The names in `A. Author (Place, Country), B. Author, Jr.`: the feed gives them as one text. */
function namesIn(text: string): string[] {
  const names: string[] = [];
  for (const part of text.replace(/\([^()]*\)/g, '').split(/,| and /)) {
    const name = part.trim();
    if (/^(?:Jr|Sr|II|III|IV)\.?$/.test(name) && names.length > 0) names.push(`${names.pop()}, ${name}`);
    else if (name !== '') names.push(name);
  }
  return names;
}

/** A name for a broken entry, for an operator. */
function nameOf(entry: unknown, place: number): string {
  const { data } = z.looseObject({ id: optionalText, guid: optionalText, title: optionalText }).safeParse(entry);
  return beginningOf(data?.id || data?.guid || data?.title || `entry ${place + 1}`);
}
