import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/*
 * Endpoints and credentials come from the AWS SDK's own variables (AWS_ENDPOINT_URL_DYNAMODB and so on), which is how
 * the same code talks to AWS, to the emulators of `local/` and to MiniStack.
 */

/** A DynamoDB client that reads and writes plain objects; `undefined` attributes are left out. */
export function createDynamoDB(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });
}

export function createSQS(): SQSClient {
  return new SQSClient({});
}

export function createEventBridge(): EventBridgeClient {
  return new EventBridgeClient({});
}

/** SES without retries: it has no idempotency key, so a retried time-out would be a second mail. */
export function createSES(): SESClient {
  return new SESClient({ maxAttempts: 1 });
}
