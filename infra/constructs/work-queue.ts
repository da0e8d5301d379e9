import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { QueueDefinition, QueueName } from '../../shared/platform/resources.ts';
import type { Alarms } from './alarms.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';

/** A queue with its consumer and its dead-letter queue. A bad message does not hold up the others of its batch. */
export class WorkQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, name: QueueName, definition: QueueDefinition, alarms: Alarms) {
    super(scope, `${name}-queue`);
    const what = `A message of the queue "${name}" failed ${definition.maxReceives} times.`;
    const heading = 'A queue message could not be worked off';
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(definition.visibilitySeconds),
      deadLetterQueue: {
        queue: new DeadLetterQueue(this, `${name}-dead-letters`, alarms, what, heading),
        maxReceiveCount: definition.maxReceives,
      },
    });
    const oldest = this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(5), statistic: 'max' });
    const { lateSeconds } = definition;
    const late = `The oldest message of the queue "${name}" has waited for over ${lateSeconds / 60} minutes.`;
    alarms.when(`${name}-late`, oldest, { above: lateSeconds }, late, 'A queue is late');
  }

  /** @param atOnce invocations of the consumer at once, at most */
  feed(consumer: IFunction, definition: QueueDefinition, atOnce: number): void {
    consumer.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: definition.batchSize,
        maxConcurrency: atOnce,
        ...(definition.windowSeconds && { maxBatchingWindow: Duration.seconds(definition.windowSeconds) }),
        reportBatchItemFailures: true,
      }),
    );
  }
}
