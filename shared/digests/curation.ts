import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { paperIdSchema } from '../events/ids.ts';
import { readEach, readItem } from '../platform/damaged.ts';
import { type Item, ifCondition } from '../platform/dynamo.ts';
import { unwritable } from '../subscribers/address.ts';

/** What a curator decides about a paper of a digest that is not frozen yet. */
export const decisionSchema = z.enum(['pin', 'drop']);

/** A line from the editor, shown above the papers. Plain text, as everything that is shown is escaped. */
export const noteSchema = z
  .string()
  .trim()
  .min(1)
  .max(300, 'must have at most 300 characters')
  .refine(note => !unwritable.test(note), 'must be one line without invisible characters');

/** Some decisions, each taken back by null; what is missing stays as it is. */
export const curationChangeSchema = z.strictObject({
  papers: z
    .record(paperIdSchema, decisionSchema.nullable())
    .refine(papers => Object.keys(papers).length <= 50, 'at most 50 papers at once')
    .optional(),
  note: noteSchema.nullable().optional(),
});

export type CurationChange = z.infer<typeof curationChangeSchema>;

/** All decisions about one digest. */
export interface Curation {
  note?: string;
  /** The one that was pinned last comes first. */
  pinned: string[];
  dropped: string[];
}

export const noCuration: Curation = { pinned: [], dropped: [] };

const storedDecision = z.object({ decision: decisionSchema, at: z.int() });
const prefix = 'paper ';

export type Curations = ReturnType<typeof createCurations>;

/**
 * What curators decided about digests to come: one item beside each, with an attribute for each decision, so that curators at
 * work side by side lose nothing of each other's (docs/storage-schema.md). It is closed before the digest is frozen: a
 * decision comes in time or is refused, and none is taken that has no effect.
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

    /** Adds decisions to the others, or takes some back. `at`: epoch ms. @returns false when it is closed */
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
     * Takes no more decisions, and gives all there are. Closing again gives the same.
     * @returns `closing` numbers who closed it, for `reopen`
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

    /** Takes decisions again, as there is no digest yet, unless somebody else has closed it since and may be making it. */
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
