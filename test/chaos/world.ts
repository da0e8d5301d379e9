import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SNSClient } from '@aws-sdk/client-sns';
import { startDynamoDB } from '../../local/dynamodb.ts';
import { createFeedback } from '../../local/ses/feedback.ts';
import { startSes } from '../../local/ses/ses.ts';
import { createTables, tableEnvironment, tableNames } from '../../local/tables.ts';
import { asDocumentClient } from '../../shared/platform/clients.ts';
import { createStores } from '../../shared/stores/create-stores.ts';
import * as definitions from '../../shared/stores/definitions.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { makeNewcomers } from './newcomers.ts';
import { makeReaders, outcomeOf } from './readers.ts';
import { createSandboxes } from './sandboxes.ts';
import type { Sabotage } from './task.ts';
import { startWire, type WireListener } from './wire.ts';

export type World = Awaited<ReturnType<typeof startWorld>>;

const clientOptions = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** Subscribers that confirm during a seed, beside its readers. */
const newcomersShare = 0.03;
const leastNewcomers = 6;

/** The emulators, the audience and the workers: started once, used by one seed after the other. */
export async function startWorld(recipients: number, sabotage: Sabotage | undefined) {
  const listener: WireListener = { onMessage: () => {}, onEvent: () => {}, onNotification: () => {} };
  const wire = await startWire({
    onMessage: (...message) => listener.onMessage(...message),
    onEvent: (...event) => listener.onEvent(...event),
    onNotification: message => listener.onNotification(message),
  });
  const database = await startDynamoDB();
  const client = new DynamoDBClient({ ...clientOptions, endpoint: database.endpoint });
  await createTables(client);
  const dynamo = asDocumentClient(client);
  const sns = new SNSClient({ ...clientOptions, endpoint: wire.endpoint });
  const topicArn = 'arn:aws:sns:us-east-1:000000000000:feedback';
  const feedback = createFeedback({ sns, topicArn, outcomeOf });
  const ses = await startSes({ onAccepted: feedback.accepted });
  const keys = createKeyRing();
  const sandboxes = await createSandboxes({
    ...tableEnvironment(),
    AWS_REGION: clientOptions.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_SES: ses.endpoint,
    AWS_ENDPOINT_URL_SQS: wire.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: wire.endpoint,
    BATCHES_QUEUE_URL: `${wire.endpoint}/000000000000/batches`,
    KEYS: JSON.stringify(keys),
    ...(sabotage && { CHAOS_SABOTAGE: sabotage }),
  });
  return {
    ses,
    sandboxes,
    keys,
    readers: makeReaders(keys, recipients),
    newcomers: makeNewcomers(keys, Math.max(leastNewcomers, Math.ceil(recipients * newcomersShare))),
    ...createStores({ dynamo, tables: tableNames, keys }, definitions),
    /** Sets the listener that is told from now on of all that workers and SES send. */
    listen(to: WireListener): void {
      Object.assign(listener, to);
    },
    /** Resolves when SES has published every event so far. */
    drainEvents: feedback.drain,
    async stop(): Promise<void> {
      await sandboxes.stop();
      await feedback.drain();
      sns.destroy();
      client.destroy();
      await Promise.all([wire.stop(), ses.stop(), database.stop()]);
    },
  };
}
