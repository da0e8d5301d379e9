import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { type QueueDefinition, type QueueName, queues } from '../shared/platform/resources.ts';
import type { Emulator } from './dynamodb.ts';
import { guard } from './guard.ts';

export interface LocalQueues extends Emulator {
  urls: Record<QueueName, string>;
  deadLetterUrls: Record<QueueName, string>;
  /** The topic that SES publishes events to. It fills the feedback queue. */
  feedbackTopicArn: string;
  /** The variables with the queues' addresses, for the functions. */
  environment: Record<string, string>;
}

const clientOptions = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

export interface QueueOptions {
  /** Shortens the time until a failed message comes again. */
  visibilitySeconds?: number;
}

/** Starts fauxqs (SQS and SNS) with the system's queues on a free port of the loopback address. */
export async function startQueues(options: QueueOptions = {}): Promise<LocalQueues> {
  // The package's own start function listens on every network interface.
  const app = buildApp({ logger: false });
  useReachableUrls(app);
  const endpoint = await app.listen({ host: '127.0.0.1', port: 0 });
  guard(app.server);
  const sqs = new SQSClient({ ...clientOptions, endpoint });
  const urls: Record<string, string> = {};
  const deadLetterUrls: Record<string, string> = {};
  const environment: Record<string, string> = {};
  for (const [name, definition] of Object.entries(queues)) {
    const created = await createQueue(sqs, name, { ...definition, ...options });
    urls[name] = created.url;
    deadLetterUrls[name] = created.deadLetterUrl;
    environment[definition.environment] = created.url;
  }
  const feedbackTopicArn = await createTopic(endpoint, 'feedback');
  return {
    endpoint,
    feedbackTopicArn,
    urls: urls as Record<QueueName, string>,
    deadLetterUrls: deadLetterUrls as Record<QueueName, string>,
    environment,
    async stop() {
      sqs.destroy();
      await app.close();
    },
  };
}

/**
 * fauxqs names a queue `http://sqs.us-east-1.localhost:<port>/…`. The AWS SDK calls the host in that name, which many
 * machines can't resolve. So requests and answers get the host that the caller has reached.
 */
function useReachableUrls(app: ReturnType<typeof buildApp>): void {
  const ownHost = 'sqs.us-east-1.localhost';
  app.addHook('preHandler', async (request: { body: unknown }) => {
    const named = request.body as { QueueUrl?: string } | undefined;
    if (named?.QueueUrl) named.QueueUrl = named.QueueUrl.replace('//127.0.0.1:', `//${ownHost}:`);
  });
  app.addHook('onSend', async (_request: unknown, _reply: unknown, payload: unknown) =>
    typeof payload === 'string' ? payload.replaceAll(`//${ownHost}:`, '//127.0.0.1:') : payload,
  );
}

async function createQueue(sqs: SQSClient, name: string, definition: QueueDefinition) {
  const queueName = `daily-papers-${name}`;
  const { QueueUrl: deadLetterUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${queueName}-dead-letters`,
      Attributes: { MessageRetentionPeriod: '1209600' },
    }),
  );
  const deadLetters = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: deadLetterUrl, AttributeNames: ['QueueArn'] }),
  );
  const { QueueUrl: url } = await sqs.send(
    new CreateQueueCommand({
      QueueName: queueName,
      Attributes: {
        VisibilityTimeout: String(definition.visibilitySeconds),
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: deadLetters.Attributes?.QueueArn,
          maxReceiveCount: definition.maxReceives,
        }),
      },
    }),
  );
  if (!url || !deadLetterUrl) throw new Error(`The queue ${name} was not created.`);
  return { url, deadLetterUrl };
}

/** A topic that fills the queue of the same name. */
async function createTopic(endpoint: string, name: QueueName): Promise<string> {
  const sns = new SNSClient({ ...clientOptions, endpoint });
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `daily-papers-${name}` }));
  const Endpoint = `arn:aws:sqs:us-east-1:000000000000:daily-papers-${name}`;
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  sns.destroy();
  return TopicArn;
}
