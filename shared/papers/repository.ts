import { type DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { readEach } from '../platform/damaged.ts';
import { batchGet, type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import type { Lookup } from '../platform/lookups.ts';
import { type ItemKey, type ScanPage, scanPage } from '../platform/scan.ts';
import {
  type DeletedPaper,
  fromItem,
  isDeleted,
  keyOf,
  listedFrom,
  onItsDay,
  placeFields,
  type StoredPaper,
  toItem,
  toShown,
  toStored,
  unreadable,
} from './items.ts';
import { asSourced, type SourcedPaper } from './merge.ts';
import { newsOf, type PaperNews } from './news.ts';
import { isListed, type ListedPaper, type Paper } from './paper.ts';
import { areCurrent } from './stored-texts.ts';

/** A stored paper without what its sources tell of it: then all comes from this reading of its first source. */
type Unsourced = Omit<StoredPaper, 'provenance' | 'firstRead'>;

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
     * Writes a paper unless it was written since it was read. Its texts are worked out anew.
     * @param stored with the revision that was read (0: it must not exist yet)
     * @returns false when another process wrote in between: read again
     */
    async put({ paper, revision, readAt, ...known }: Unsourced & Partial<SourcedPaper>): Promise<boolean> {
      return putItem(paper.id, toItem({ ...asSourced(paper, readAt), ...known, paper, readAt }), revision);
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

    /**
     * A page of all stored papers, also hidden and damaged ones. `isCurrent`: its texts were worked out by the present
     * rules.
     * @param page its limit also counts items that are no papers
     */
    async scanTexts(page: ScanPage): Promise<{ papers: { id: string; isCurrent: boolean }[]; next?: ItemKey }> {
      const input = { TableName: tableName, ProjectionExpression: 'pk, sk, deletedAt, texts' };
      const { items, ...rest } = await scanPage(dynamo, input, page);
      const papers = items.filter(item => item.sk === 'paper' && !isDeleted(item));
      return { papers: papers.map(({ pk, texts }) => ({ id: String(pk), isCurrent: areCurrent(texts) })), ...rest };
    },
  };
}

function conditionOn(revision: number): string {
  if (revision === 0) return 'attribute_not_exists(pk)';
  return revision === unreadable ? 'NOT attribute_type(revision, :read)' : 'revision = :read';
}
