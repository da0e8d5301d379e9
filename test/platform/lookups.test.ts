import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { createPaperRepository } from '../../shared/papers/repository.ts';
import { lookUp } from '../../shared/platform/lookups.ts';
import { createVoteRepository } from '../../shared/votes/repository.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startDynamo } from '../support/dynamo.ts';

let database: Awaited<ReturnType<typeof startDynamo>>;
beforeAll(async () => {
  database = await startDynamo(['Papers', 'Votes']);
  const paper = examplePaper({ id: '2611.00001' });
  await createPaperRepository(database.dynamo, tableName('Papers')).put({ paper, revision: 0, readAt: 1 });
  await createVoteRepository(database.dynamo, tableName('Votes')).mark('vote', 'somebody', paper.id, 7);
});
afterAll(() => database.stop());

function lookupsOver(dynamo: DynamoDBDocumentClient) {
  const papers = createPaperRepository(dynamo, tableName('Papers'));
  const votes = createVoteRepository(dynamo, tableName('Votes'));
  return [
    papers.lookup('2611.00002'),
    votes.lookupMark('vote', 'somebody', '2611.00001'),
    papers.lookup('2611.00001'),
    votes.lookupMark('save', 'somebody', '2611.00001'),
  ] as const;
}

const found = [undefined, { paperId: '2611.00001', at: 7 }, expect.objectContaining({ id: '2611.00001' }), undefined];

test('items of several tables are read in the order asked for, and those that are not there are missing', async () => {
  expect(await lookUp(lookupsOver(database.dynamo))).toEqual(found);
});

test('items that DynamoDB leaves unprocessed are asked for again', async () => {
  let calls = 0;
  const send = async (command: BatchGetCommand) => {
    calls += 1;
    const [[table = '', request] = [], ...others] = Object.entries(command.input.RequestItems ?? {});
    // A partition that is throttled: of each call, the first table alone is read.
    const answer = await database.dynamo.send(new BatchGetCommand({ RequestItems: request && { [table]: request } }));
    return { ...answer, UnprocessedKeys: Object.fromEntries(others) };
  };
  expect(await lookUp(lookupsOver({ send } as unknown as DynamoDBDocumentClient))).toEqual(found);
  expect(calls).toBe(2);
});
