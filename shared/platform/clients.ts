import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/*
 * Endpoints and credentials come from the AWS SDK's own variables (AWS_ENDPOINT_URL_DYNAMODB and so on), which is how
 * the same code talks to AWS, to the emulators of `local/` and to MiniStack.
 */

/**
 * A DynamoDB client as one that reads and writes plain objects; `undefined` attributes are left out. A number that is none here,
 * as 9007199254740993.5, is read as near as it gets: the SDK would fail, and with it all that is read together with it: [one bad item costs
 * itself](docs/invariants.md#14).
 */
export function asDocumentClient(client: DynamoDBClient): DynamoDBDocumentClient {
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
 * SES without retries: it has no idempotency key, so a retried time-out would be a second mail. A call that is not
 * answered in time is given up: whether the mail went out is then unknown.
 */
export function createSES(): SESClient {
  const requestHandler = { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true };
  return new SESClient({ maxAttempts: 1, requestHandler });
}

/**
 * SES for questions of which it answers one a second: a second try within that second would be refused. A question that is
 * not answered in time is given up, so that somebody else may ask.
 */
export function createQuestionSES(): SESClient {
  const requestHandler = { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true };
  return new SESClient({ maxAttempts: 1, requestHandler });
}
