import { Duration, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import type { RunbookHeading } from './runbook.ts';

/** A queue that keeps failed work for 14 days, SQS's longest time, and raises an alarm for it. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string, alarms: Alarms, what: string, heading: RunbookHeading) {
    super(scope, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'This is itself a dead-letter queue.' });
    const waiting = this.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1), statistic: 'max' });
    alarms.whenAboveZero(id, waiting, what, heading);
  }
}
