import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { paperIdSchema } from '../events/ids.ts';
import { readEach, readItem } from '../platform/damaged.ts';
import { type Item, ifCondition } from '../platform/dynamo.ts';
import { unwritable } from '../subscribers/address.ts';
import { instantSchema } from '../time/instant.ts';

/** A curator's decision about a paper of a digest that is not frozen yet. */
export const decisionSchema = z.enum(['pin', 'drop']);

/** A line from the editor, shown above the papers. It is plain text, as all shown texts are escaped. */
export const noteSchema = z
  .string()
  .trim()
  .min(1)
  .max(300, 'must have at most 300 characters')
  .refine(note => !unwritable.test(note), 'must be one line without invisible characters');

/** Decisions to add. Null takes one back; missing ones stay. */
export const curationChangeSchema = z.strictObject({
  papers: z
    .record(paperIdSchema, decisionSchema.nullable())
    .refine(papers => Object.keys(papers).length <= 50, 'at most 50 papers at once')
    .optional(),
  note: noteSchema.nullable().optional(),
});

export type CurationChange = z.infer<typeof curationChangeSchema>;

export interface Curation {
  note?: string;
  /** The last pin comes first. */
  pinned: string[];
  dropped: string[];
}

export const noCuration: Curation = { pinned: [], dropped: [] };

const storedDecision = z.object({ decision: decisionSchema, at: instantSchema });
const prefix = 'paper ';

export type Curations = ReturnType<typeof createCurations>;

/**
 * Curators' decisions about future digests: one item beside each digest, with one attribute for each decision, so that
 * curators who work at the same time overwrite nothing of each other (docs/storage-schema.md). The item is closed
 * before the digest is frozen, so that a later decision is refused instead of having no effect.
 */
export function createCurations(dynamo: DynamoDBDocumentClient, tableName: string) {
  const keyOf = (digestId: string) => ({ pk: digestId, sk: 'curation' });

  return {
    async read(digestId: string): Promise<Curation> {
      const { Item: item } = await dynamo.send(
        new GetCommand({ TableName: tableName, Key: keyOf(digestId), ConsistentRead: true }),
      );
      return item ? fromItem(item) : noCuration;
    },

    /** Adds decisions or takes them back. `at`: epoch ms. @returns false when the item is closed */
    async change(digestId: string, { papers = {}, note }: CurationChange, at: number): Promise<boolean> {
      const changes = Object.entries(papers).map(
        ([id, decision]) => [prefix + id, decision && { decision, at }] as const,
      );
      const all = note === undefined ? changes : [...changes, ['note', note] as const];
      if (all.length === 0) return true;
      const part = (keyword: string, words: (string | false)[]) => {
        const listed = words.filter(Boolean).join(', ');
        return listed && `${keyword} ${listed}`;
      };
      const values = all.flatMap(([, value], index) => (value === null ? [] : [[`:v${index}`, value] as const]));
      return ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(digestId),
            UpdateExpression: [
              part(
                'SET',
                all.map(([, value], index) => value !== null && `#n${index} = :v${index}`),
              ),
              part(
                'REMOVE',
                all.map(([, value], index) => value === null && `#n${index}`),
              ),
            ].join(' '),
            ConditionExpression: 'attribute_not_exists(closedAt)',
            ExpressionAttributeNames: Object.fromEntries(all.map(([name], index) => [`#n${index}`, name])),
            ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
          }),
        ),
      );
    },

    /**
     * Refuses decisions from now on, and reads all there are. Closing again reads the same.
     * @returns `closing`: the number of this call, for `reopen`
     */
    async close(digestId: string, at: number): Promise<{ curation: Curation; closing: number }> {
      const answer = await dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: keyOf(digestId),
          UpdateExpression: 'SET closedAt = if_not_exists(closedAt, :at) ADD closings :one',
          ExpressionAttributeValues: { ':at': at, ':one': 1 },
          ReturnValues: 'ALL_NEW',
        }),
      );
      const item = answer.Attributes ?? {};
      return { curation: fromItem(item), closing: Number(item.closings) };
    },

    /** Accepts decisions again, unless another process closed the item since: it may be making the digest. */
    async reopen(digestId: string, closing: number): Promise<void> {
      await ifCondition(
        dynamo.send(
          new UpdateCommand({
            TableName: tableName,
            Key: keyOf(digestId),
            UpdateExpression: 'REMOVE closedAt',
            ConditionExpression: 'closings = :closing',
            ExpressionAttributeValues: { ':closing': closing },
          }),
        ),
      );
    },
  };
}

function fromItem(item: Item): Curation {
  const papers = Object.entries(item).filter(([name]) => name.startsWith(prefix));
  const decided = readEach(papers, ([name, value]) => {
    const id = name.slice(prefix.length);
    return { id, ...readItem(storedDecision, value, 'decision about a digest', `${String(item.pk)} ${id}`) };
  });
  const newestFirst = decided.sort((a, b) => b.at - a.at || (a.id < b.id ? -1 : 1));
  const idsOf = (decision: z.infer<typeof decisionSchema>) =>
    newestFirst.flatMap(one => (one.decision === decision ? one.id : []));
  const note = noteSchema.safeParse(item.note).data;
  return { pinned: idsOf('pin'), dropped: idsOf('drop'), ...(note && { note }) };
}
