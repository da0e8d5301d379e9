import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SESClient } from '@aws-sdk/client-ses';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';

/** Settings of every client here. A slow answer counts as none, and questions may be repeated. */
export const clientSettings = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
};

export type Clients = ReturnType<typeof createClients>;

/** A client of each AWS service that is asked about a stage, for the account of the AWS environment. */
export function createClients() {
  return {
    cloudFormation: new CloudFormationClient(clientSettings),
    cloudWatch: new CloudWatchClient(clientSettings),
    dynamoDB: new DynamoDBClient(clientSettings),
    lambda: new LambdaClient(clientSettings),
    scheduler: new SchedulerClient(clientSettings),
    ses: new SESClient(clientSettings),
    sesV2: new SESv2Client(clientSettings),
    sns: new SNSClient(clientSettings),
    sqs: new SQSClient(clientSettings),
    ssm: new SSMClient(clientSettings),
  };
}
