import * as z from 'zod';
import { sourceNames } from '../events/sources.ts';
import { DamagedItemError, nameDamage, readOrName } from '../platform/damaged.ts';
import type { Item } from '../platform/dynamo.ts';
import { instantSchema } from '../time/instant.ts';
import { asSourced, type FieldProvenance, type Provenance, type SourcedPaper } from './merge.ts';
import { type FirstRead, firstReadOf, firstReadSchema, newsOf } from './news.ts';
import { isListed, type ListedPaper, listedPaperSchema, type Paper } from './paper.ts';
import { placesAmongAll } from './rank.ts';
import { readListedPaper, readPaper } from './read-paper.ts';
import { readTexts, storeTexts } from './stored-texts.ts';

/* The items of papers in the Papers table: their keys, and what they hold (docs/storage-schema.md). */

/** A paper as it is stored. Its day is its source's, also while it is pinned to another. */
export interface StoredPaper extends SourcedPaper {
  /** The number of writes; 0: not stored yet. */
  revision: number;
  /** The time of the last reading that gave stored fields, epoch milliseconds. */
  readAt: number;
  deletedAt?: undefined;
}

/** The remainder of a paper that a curator deleted. It keeps the source from bringing the paper back. */
export interface DeletedPaper {
  /** Epoch milliseconds. */
  deletedAt: number;
  revision: number;
}

export const keyOf = (id: string) => ({ pk: id, sk: 'paper' });

/** Stands for a revision that is missing or no number. */
export const unreadable = -1;

/** A pinned paper has the day that it is pinned to. */
export function onItsDay<Part extends Pick<Paper, 'day' | 'pinnedDay'>>(paper: Part): Part {
  return paper.pinnedDay === undefined ? paper : { ...paper, day: paper.pinnedDay };
}

/** The attributes of a paper's item, without its key and revision. */
export function toItem({ paper, provenance, firstRead, readAt }: SourcedPaper & { readAt: number }): Item {
  const { id: _id, shown: _shown, ...fields } = onItsDay(paper);
  const featured = paper.pinnedDay === undefined ? {} : { featuredDay: paper.day };
  const places = placesAmongAll(paper);
  // Sparse indexes: only papers that lists may show are in the lists of all papers.
  const inAll = isListed(paper) && { listed: 'all', upvotesPlace: places.upvotes, publishedPlace: places.published };
  const news = newsOf(paper, firstRead);
  const inNews = news && isListed(paper) && { news: 'all', newsAt: new Date(news.knownAt).toISOString() };
  const kept = { texts: storeTexts(paper), origins: groupProvenance(provenance), firstRead, readAt };
  return { ...fields, ...featured, ...inAll, ...inNews, ...kept };
}

/** @throws DamagedItemError when a needed field is missing; another odd field is named and left out */
export function fromItem(item: Item): StoredPaper {
  const key = String(item.pk);
  const read = readPaper({ ...item, id: item.pk, day: item.featuredDay ?? item.day });
  const revision = Number(item.revision) || unreadable;
  if ('reason' in read) throw new DamagedItemError('paper', key, read.reason, revision);
  const { paper, lost } = read;
  const shown = readTexts(item.texts, paper, reason => lost.push(`texts: ${reason}`));
  if (lost.length > 0) nameDamage({ kind: 'paper', key, reason: lost.join('; ') });
  const readAt = Number(item.readAt) || 0;
  const groups = provenanceGroups.safeParse(item.origins).data;
  return {
    paper: shown ? { ...paper, shown } : paper,
    // Papers that were stored before their provenance was kept came from their first source.
    provenance: groups ? ungroupProvenance(groups) : asSourced(paper, readAt).provenance,
    firstRead: readFirstRead(item, paper),
    revision,
    readAt,
  };
}

/** A paper that was stored before these times were kept has had what it has for long: it is no news. */
function readFirstRead(item: Item, paper: Paper): FirstRead {
  const read = firstReadSchema.safeParse(item.firstRead);
  if (read.success) return read.data;
  if (item.firstRead !== undefined) nameDamage({ kind: 'paper', key: paper.id, reason: 'firstRead: no times' });
  return firstReadOf(paper, 0);
}

/** Attributes of a paper's item that `listedFrom` reads. */
export const placeFields = ['pk', 'featuredDay', ...Object.keys(listedPaperSchema.omit({ id: true }).shape)];

/** @throws DamagedItemError as `fromItem` does, for faults in this part alone */
export function listedFrom(item: Item): ListedPaper {
  const key = String(item.pk);
  const read = readListedPaper({ ...item, id: item.pk, day: item.featuredDay ?? item.day });
  if ('reason' in read) throw new DamagedItemError('paper', key, read.reason);
  if (read.lost.length > 0) nameDamage({ kind: 'paper', key, reason: read.lost.join('; ') });
  return read.paper;
}

/** @throws DamagedItemError */
export function toStored(item: Item | undefined): StoredPaper | DeletedPaper | undefined {
  return item && (isDeleted(item) ? toDeleted(item) : fromItem(item));
}

/** A paper that may be shown by its id: not hidden, rejected, deleted or damaged. */
export function toShown(item: Item | undefined): Paper | undefined {
  const stored = readOrName(() => toStored(item));
  if (!stored || stored.deletedAt !== undefined) return undefined;
  if (stored.paper.hidden || stored.paper.submission === 'rejected') return undefined;
  return onItsDay(stored.paper);
}

export function isDeleted(item: Item): boolean {
  return item.deletedAt !== undefined;
}

function toDeleted(item: Item): DeletedPaper {
  return { deletedAt: Number(item.deletedAt), revision: Number(item.revision) };
}

/**
 * The provenance of a paper as the table has it, under the name `origins`. Most fields come from one reading, so it takes less
 * space by reading.
 */
type ProvenanceGroup = FieldProvenance & { fields: string[] };

const provenanceGroups = z.array(
  z.object({
    source: z.enum(sourceNames),
    readAt: instantSchema,
    version: z.number().exactOptional(),
    fields: z.array(z.string()),
  }),
);

function groupProvenance(provenance: Provenance): ProvenanceGroup[] {
  const groups = new Map<string, ProvenanceGroup>();
  for (const [field, ofField] of Object.entries(provenance).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const key = `${ofField.source} ${ofField.readAt} ${ofField.version}`;
    const group = groups.get(key) ?? { ...ofField, fields: [] };
    group.fields.push(field);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function ungroupProvenance(groups: ProvenanceGroup[]): Provenance {
  return Object.fromEntries(groups.flatMap(({ fields, ...ofField }) => fields.map(field => [field, ofField])));
}
