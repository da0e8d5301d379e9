import { randomUUID } from 'node:crypto';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { minute } from '../../platform/durations.ts';
import { ifCondition } from '../../platform/dynamo.ts';
import { SourceError } from './source.ts';

/*
 * arXiv asks for one connection at a time and three seconds between requests, over all machines of one user and all
 * interfaces of arXiv (https://info.arxiv.org/help/api/tou.html). So a process takes a turn before each request. A turn
 * is an item in the Limits table. One process holds it at a time, and it stays closed for a while afterwards.
 */

export interface TurnsOptions {
  dynamo: DynamoDBDocumentClient;
  /** The Limits table. */
  tableName: string;
  now: () => number;
  sleep: (milliseconds: number) => Promise<unknown>;
}

/** Milliseconds from the end of one request to the beginning of the next. */
const gap = 3_000;
/** Longer than a request can last (milliseconds). It ends the turn of a process that was killed. */
const longestTurn = minute;
/** The longest wait for a turn (milliseconds); after it, the request is left to the next run. */
const longestWait = 25_000;
/** The pause after a 429 (milliseconds): arXiv sends no Retry-After. */
const pauseWhenRefused = 10 * minute;

/** Runs requests one at a time over all machines. */
export type InTurn = <T>(request: () => Promise<T>) => Promise<T>;

/**
 * Makes the turns of one host.
 * @param host names the turns: `arxiv.org`
 */
export function createTurns(host: string, { dynamo, tableName, now, sleep }: TurnsOptions): InTurn {
  const key = { pk: `turn#${host}`, sk: 'turn' };

  /** @returns undefined when this process has the turn, else the time at which it opens again */
  async function take(token: string): Promise<number | undefined> {
    const at = now();
    const mine = await ifCondition(
      dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: key,
          UpdateExpression: 'SET opensAt = :until, holder = :token',
          // A turn with the process's own token is free to it: the SDK repeated the call after a lost answer.
          ConditionExpression: 'attribute_not_exists(opensAt) OR opensAt <= :now OR holder = :token',
          ExpressionAttributeValues: { ':until': at + longestTurn, ':token': token, ':now': at },
        }),
      ),
    );
    if (mine) return undefined;
    const answer = await dynamo.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }));
    return Number(answer.Item?.opensAt ?? at);
  }

  async function give(token: string, closedFor: number): Promise<void> {
    await ifCondition(
      dynamo.send(
        new UpdateCommand({
          TableName: tableName,
          Key: key,
          UpdateExpression: 'SET opensAt = :until REMOVE holder',
          ConditionExpression: 'holder = :token',
          ExpressionAttributeValues: { ':until': now() + closedFor, ':token': token },
        }),
      ),
    );
  }

  return async request => {
    const token = randomUUID();
    const deadline = now() + longestWait;
    for (let opensAt = await take(token); opensAt !== undefined; opensAt = await take(token)) {
      const left = opensAt - now();
      if (opensAt > now() + longestTurn) throw refused(host, left);
      if (now() >= deadline) throw new SourceError(`${host} is being asked by others all the time.`, { mayPass: true });
      // The holder may finish before its turn ends.
      await sleep(Math.min(Math.max(left, 50), 1_000));
    }
    try {
      const result = await request();
      await give(token, gap);
      return result;
    } catch (error) {
      const wasRefused = error instanceof SourceError && error.status === 429;
      await give(token, wasRefused ? pauseWhenRefused : gap);
      throw error;
    }
  };
}

function refused(host: string, left: number): SourceError {
  const minutes = Math.ceil(left / minute);
  return new SourceError(`${host} answered that it was asked too often; it is not asked again for ${minutes} minutes.`);
}
