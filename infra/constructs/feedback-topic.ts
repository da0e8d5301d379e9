import { type ConfigurationSet, EmailSendingEvent, EventDestination } from 'aws-cdk-lib/aws-ses';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Alarms } from './alarms.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';

/**
 * The topic that SES publishes the events of configuration sets to, and that fills the feedback queue. Its policy
 * admits SES alone, for those configuration sets. The queue's policy admits the topic alone.
 */
export class FeedbackTopic extends Topic {
  constructor(scope: Construct, id: string, queue: Queue, alarms: Alarms) {
    super(scope, id, { enforceSSL: true });
    const what = 'The topic that SES reports to could not fill the feedback queue.';
    const heading = 'Feedback did not reach its queue';
    const deadLetterQueue = new DeadLetterQueue(scope, 'undelivered-feedback', alarms, what, heading);
    this.addSubscription(new SqsSubscription(queue, { deadLetterQueue }));
  }

  /** @param events names of SES's API */
  takeReportsOf(mail: ConfigurationSet, events: readonly string[]): void {
    mail.addEventDestination('Feedback', {
      destination: EventDestination.snsTopic(this),
      events: Object.values(EmailSendingEvent).filter(event => events.includes(event)),
    });
  }
}
