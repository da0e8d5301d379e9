import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/*
 * Endpoints and credentials come from the AWS SDK's own variables (AWS_ENDPOINT_URL_DYNAMODB and so on). By them the
 * same code talks to AWS, to the emulators of `local/` and to MiniStack.
 */

/**
 * A DynamoDB client that reads and writes plain objects. `undefined` attributes are left out. A number that JavaScript
 * can't hold exactly, such as 9007199254740993.5, is rounded. Otherwise the SDK would fail, and with it the reading of
 * all other items of the answer: [one bad item costs itself](docs/invariants.md#14).
 */
export function asDocumentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  // It copies all that is sent and read, for a log that nobody keeps: an eighth of the time of a call.
  client.middlewareStack.remove('loggerMiddleware');
  return DynamoDBDocumentClient.from(client, {
    marshallOptions: { removeUndefinedValues: true },
    unmarshallOptions: { wrapNumbers: Number },
  });
}

export function createDynamoDB(): DynamoDBDocumentClient {
  return asDocumentClient(new DynamoDBClient({}));
}

export function createSQS(): SQSClient {
  return new SQSClient({});
}

export function createEventBridge(): EventBridgeClient {
  return new EventBridgeClient({});
}

/**
 * SES without retries: it has no idempotency key, so a retried time-out would be a second mail. A call without an
 * answer in 15 seconds is given up: it is then unknown whether the mail went out.
 */
export function createSES(): SESClient {
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true };
  return new SESClient({ maxAttempts: 1, requestHandler });
}

/**
 * SES for GetSendQuota, which it answers once a second: a retry within that second would be refused. A call without an
 * answer in 3 seconds is given up, so that another process may ask.
 */
export function createQuestionSES(): SESClient {
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
  return new SESClient({ maxAttempts: 1, requestHandler });
}
