import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { sourceNames } from '../events/sources.ts';
import { DamagedItemError, nameDamage, readEach, readOrName } from '../platform/damaged.ts';
import { batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Lookup } from '../platform/lookups.ts';
import { instantSchema } from '../time/instant.ts';
import { asSourced, type FieldProvenance, type Provenance, type SourcedPaper } from './merge.ts';
import { type FirstRead, firstReadOf, firstReadSchema, newsOf, type PaperNews } from './news.ts';
import { isListed, type ListedPaper, listedPaperSchema, type Paper } from './paper.ts';
import { placesAmongAll } from './rank.ts';
import { readListedPaper, readPaper } from './read-paper.ts';

/** A paper as it is stored. Its day is its source's, also while it is pinned to another. */
export interface StoredPaper extends SourcedPaper {
  /** The number of writes; 0: not stored yet. */
  revision: number;
  /** The time of the last reading that gave stored fields, epoch milliseconds. */
  readAt: number;
  deletedAt?: undefined;
}

/** A stored paper without what its sources tell of it: then all comes from this reading of its first source. */
type Unsourced = Omit<StoredPaper, 'provenance' | 'firstRead'>;

/** The remainder of a paper that a curator deleted. It keeps the source from bringing the paper back. */
export interface DeletedPaper {
  /** Epoch milliseconds. */
  deletedAt: number;
  revision: number;
}

export type PaperRepository = ReturnType<typeof createPaperRepository>;

/** The only place that knows the keys of papers in the Papers table (docs/storage-schema.md). */
export function createPaperRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  /**
   * Reads a paper consistently, with the revision that `put` needs.
   * @throws DamagedItemError
   */
  async function getStored(id: string): Promise<StoredPaper | DeletedPaper | undefined> {
    return toStored(await getItem(id));
  }

  const keyOf = (id: string) => ({ pk: id, sk: 'paper' });

  async function getItem(id: string): Promise<Item | undefined> {
    return (await dynamo.send(new GetCommand({ TableName: tableName, Key: keyOf(id), ConsistentRead: true }))).Item;
  }

  /** The items of a day's papers, with all attributes or some. */
  async function itemsOf(day: string, attributes?: readonly string[]): Promise<Item[]> {
    const items: Item[] = [];
    const names = Object.fromEntries((attributes ?? []).map(name => [`#${name}`, name]));
    const query = queryAll(dynamo, {
      TableName: tableName,
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :day',
      ...(attributes && { ProjectionExpression: Object.keys(names).join(', ') }),
      ExpressionAttributeNames: { ...names, '#day': 'day' },
      ExpressionAttributeValues: { ':day': day },
    });
    for await (const item of query) items.push(item);
    return items;
  }

  /** Writes an item unless it was written since its revision was read. */
  async function putItem(id: string, fields: Item, revision: number): Promise<boolean> {
    return ifCondition(
      dynamo.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...keyOf(id), ...fields, revision: Math.max(0, revision) + 1 },
          ConditionExpression: conditionOn(revision),
          ...(revision !== 0 && { ExpressionAttributeValues: { ':read': revision === unreadable ? 'N' : revision } }),
        }),
      ),
    );
  }

  return {
    getStored,

    /** A paper that may be shown by its id: not hidden, rejected, deleted or damaged. */
    async get(id: string): Promise<Paper | undefined> {
      return toShown(await getItem(id));
    },

    /** The reading of `get`, to be done together with others. */
    lookup(id: string): Lookup<Paper | undefined> {
      return { dynamo, tableName, key: keyOf(id), read: toShown };
    },

    /**
     * The reading of `getStored`, to be done together with others. It gives a function that throws DamagedItemError.
     */
    lookupStored(id: string): Lookup<() => StoredPaper | DeletedPaper | undefined> {
      return { dynamo, tableName, key: keyOf(id), read: item => () => toStored(item) };
    },

    /** The papers that lists may show (`isListed`), read consistently, in no particular order. */
    async getListed(ids: readonly string[]): Promise<Paper[]> {
      const items = await batchGet(dynamo, tableName, ids.map(keyOf));
      return readEach(
        items.filter(item => !isDeleted(item)),
        item => fromItem(item).paper,
      )
        .filter(isListed)
        .map(onItsDay);
    },

    /**
     * Writes a paper unless it was written since it was read.
     * @param stored with the revision that was read (0: it must not exist yet)
     * @returns false when another process wrote in between: read again
     */
    async put({ paper, revision, readAt, ...known }: Unsourced & Partial<SourcedPaper>) {
      const { id, ...fields } = onItsDay(paper);
      const { provenance, firstRead } = { ...asSourced(paper, readAt), ...known };
      const from = groupProvenance(provenance);
      const featured = paper.pinnedDay === undefined ? {} : { featuredDay: paper.day };
      const places = placesAmongAll(paper);
      // Sparse indexes: only papers that lists may show are in the lists of all papers.
      const inAll = isListed(paper) && {
        listed: 'all',
        upvotesPlace: places.upvotes,
        publishedPlace: places.published,
      };
      const news = newsOf(paper, firstRead);
      const inNews = news && isListed(paper) && { news: 'all', newsAt: new Date(news.knownAt).toISOString() };
      return putItem(id, { ...fields, ...featured, ...inAll, ...inNews, origins: from, firstRead, readAt }, revision);
    },

    /** Replaces a paper by a note of its deletion, under the same condition as `put`. */
    async putDeleted(id: string, { deletedAt, revision }: DeletedPaper): Promise<boolean> {
      return putItem(id, { deletedAt }, revision);
    },

    /**
     * The papers that gained code or a version after an instant (epoch milliseconds), the newest news first, and that lists
     * may show. Writes of the last second may be missing.
     * @param most papers that are read
     */
    async listNews(after: number, most: number): Promise<{ paper: Paper; news: PaperNews }[]> {
      const { Items = [] } = await dynamo.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: 'byNews',
          KeyConditionExpression: 'news = :all AND newsAt > :after',
          ExpressionAttributeValues: { ':all': 'all', ':after': new Date(after).toISOString() },
          ScanIndexForward: false,
          Limit: most,
        }),
      );
      const keys = Items.map(item => keyOf(String(item.pk)));
      const stored = new Map(
        readEach(await batchGet(dynamo, tableName, keys), item => [String(item.pk), toStored(item)] as const),
      );
      return keys.flatMap(({ pk }) => {
        const one = stored.get(pk);
        if (!one || one.deletedAt !== undefined || !isListed(one.paper)) return [];
        const news = newsOf(one.paper, one.firstRead);
        return news ? [{ paper: onItsDay(one.paper), news }] : [];
      });
    },

    /**
     * A day's papers that lists may show (`isListed`), in the order of their ids. Writes of the last second may be
     * missing.
     */
    async listByDay(day: string): Promise<Paper[]> {
      return readEach(await itemsOf(day), item => fromItem(item).paper)
        .filter(isListed)
        .map(onItsDay);
    },

    /**
     * As `listByDay`, but with the part of each paper that its place depends on: for lists of many days, of which a page
     * shows few papers.
     */
    async listPlacesByDay(day: string): Promise<ListedPaper[]> {
      return readEach(await itemsOf(day, placeFields), listedFrom)
        .filter(isListed)
        .map(onItsDay);
    },

    /**
     * A page of all papers that lists may show, by upvotes or by publication, in the order of `rankPapers`. Writes of
     * the last second may be missing; papers hidden in that second are left out.
     * @param after the last place of the page before
     * @returns the papers, and the place of the last one if there may be more
     */
    async listAll(
      sort: 'upvotes' | 'published',
      limit: number,
      after = '',
    ): Promise<{ papers: Paper[]; last: string | undefined }> {
      const place = `${sort}Place`;
      const { Items = [], LastEvaluatedKey: more } = await dynamo.send(
        new QueryCommand({
          TableName: tableName,
          IndexName: sort === 'upvotes' ? 'byUpvotes' : 'byPublished',
          KeyConditionExpression: 'listed = :all AND #place > :after',
          ExpressionAttributeNames: { '#place': place },
          // A blank sorts before every place.
          ExpressionAttributeValues: { ':all': 'all', ':after': after || ' ' },
          Limit: limit,
        }),
      );
      const ids = Items.map(item => String(item.pk));
      const listed = new Map((await this.getListed(ids)).map(paper => [paper.id, paper]));
      return { papers: ids.flatMap(id => listed.get(id) ?? []), last: more && String(Items.at(-1)?.[place]) };
    },
  };
}

/** Stands for a revision that is missing or no number. */
const unreadable = -1;

function conditionOn(revision: number): string {
  if (revision === 0) return 'attribute_not_exists(pk)';
  return revision === unreadable ? 'NOT attribute_type(revision, :read)' : 'revision = :read';
}

/** A pinned paper has the day that it is pinned to. */
function onItsDay<Part extends Pick<Paper, 'day' | 'pinnedDay'>>(paper: Part): Part {
  return paper.pinnedDay === undefined ? paper : { ...paper, day: paper.pinnedDay };
}

/** @throws DamagedItemError when a needed field is missing; another odd field is named and left out */
function fromItem(item: Item): StoredPaper {
  const key = String(item.pk);
  const read = readPaper({ ...item, id: item.pk, day: item.featuredDay ?? item.day });
  const revision = Number(item.revision) || unreadable;
  if ('reason' in read) throw new DamagedItemError('paper', key, read.reason, revision);
  const { paper, lost } = read;
  if (lost.length > 0) nameDamage({ kind: 'paper', key, reason: lost.join('; ') });
  const readAt = Number(item.readAt) || 0;
  const groups = provenanceGroups.safeParse(item.origins).data;
  return {
    paper,
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
const placeFields = ['pk', 'featuredDay', ...Object.keys(listedPaperSchema.omit({ id: true }).shape)];

/** @throws DamagedItemError as `fromItem` does, for faults in this part alone */
function listedFrom(item: Item): ListedPaper {
  const key = String(item.pk);
  const read = readListedPaper({ ...item, id: item.pk, day: item.featuredDay ?? item.day });
  if ('reason' in read) throw new DamagedItemError('paper', key, read.reason);
  if (read.lost.length > 0) nameDamage({ kind: 'paper', key, reason: read.lost.join('; ') });
  return read.paper;
}

/** @throws DamagedItemError */
function toStored(item: Item | undefined): StoredPaper | DeletedPaper | undefined {
  return item && (isDeleted(item) ? toDeleted(item) : fromItem(item));
}

function toShown(item: Item | undefined): Paper | undefined {
  const stored = readOrName(() => toStored(item));
  if (!stored || stored.deletedAt !== undefined) return undefined;
  if (stored.paper.hidden || stored.paper.submission === 'rejected') return undefined;
  return onItsDay(stored.paper);
}

function isDeleted(item: Item): boolean {
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
