import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, ifCondition, queryAll } from '../platform/dynamo.ts';
import { type Paper, paperSchema } from './paper.ts';

/** A paper with what is kept about its storing. */
export interface StoredPaper {
  paper: Paper;
  /** Counts the writes; 0: not stored yet. */
  revision: number;
  /** When the source was read that gave the stored fields, epoch milliseconds. */
  readAt: number;
}

export type PaperRepository = ReturnType<typeof createPaperRepository>;

/** The only place that knows the keys of the Papers table (docs/storage-schema.md). */
export function createPaperRepository(dynamo: DynamoDBDocumentClient, tableName: string) {
  /** Reads a paper consistently, with the revision that `put` asks for. */
  async function getStored(id: string): Promise<StoredPaper | undefined> {
    const answer = await dynamo.send(
      new GetCommand({ TableName: tableName, Key: { pk: id, sk: 'paper' }, ConsistentRead: true }),
    );
    return answer.Item && fromItem(answer.Item);
  }

  return {
    getStored,

    async get(id: string): Promise<Paper | undefined> {
      return (await getStored(id))?.paper;
    },

    /**
     * Writes a paper if nobody wrote it since it was read.
     * @param stored with the revision it was read with (0: it must not exist yet)
     * @returns false when somebody else was faster: read again
     */
    async put({ paper, revision, readAt }: StoredPaper): Promise<boolean> {
      const { id, ...fields } = paper;
      return ifCondition(
        dynamo.send(
          new PutCommand({
            TableName: tableName,
            Item: { pk: id, sk: 'paper', ...fields, revision: revision + 1, readAt },
            ConditionExpression: revision === 0 ? 'attribute_not_exists(pk)' : 'revision = :read',
            ...(revision > 0 && { ExpressionAttributeValues: { ':read': revision } }),
          }),
        ),
      );
    },

    /** Every paper that was featured on a day, in the order of their ids; writes of the last second may be missing. */
    async listByDay(day: string): Promise<Paper[]> {
      const papers: Paper[] = [];
      const query = queryAll(dynamo, {
        TableName: tableName,
        IndexName: 'byDay',
        KeyConditionExpression: '#day = :day',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':day': day },
      });
      for await (const item of query) papers.push(fromItem(item).paper);
      return papers;
    },
  };
}

function fromItem(item: Item): StoredPaper {
  return {
    paper: paperSchema.parse({ ...item, id: item.pk }),
    revision: Number(item.revision),
    readAt: Number(item.readAt),
  };
}
