import { Duration, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { type IRuleTarget, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { anchorOf, type RunbookHeading, runbook, type Silence } from './runbook.ts';

const treatment: Record<Silence, TreatMissingData> = {
  'is fine': TreatMissingData.NOT_BREACHING,
  alarms: TreatMissingData.BREACHING,
  'changes nothing': TreatMissingData.IGNORE,
};

/** The limit of an alarm: it goes off after `periods` periods (1 by default) in a row above or below it. */
export type Limit = { periods?: number } & ({ above: number } | { below: number });

/** The operator's topic, and the alarms that publish to it. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, email: string | undefined) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Daily Papers alarms', enforceSSL: true });
    // A topic with its own policy loses the default one, which lets the account's alarms publish.
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email) this.topic.addSubscription(new EmailSubscription(email));
  }

  /** Raises an alarm as soon as the metric is above zero in one period. */
  whenAboveZero(id: string, metric: IMetric, what: string, heading: RunbookHeading): void {
    this.when(id, metric, { above: 0 }, what, heading);
  }

  /** Raises an alarm when the metric passes a limit. The heading says how a period without data is read. */
  when(id: string, metric: IMetric, limit: Limit, what: string, heading: RunbookHeading): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: `${what} Runbook: ${anchorOf(heading)}`,
      threshold: 'above' in limit ? limit.above : limit.below,
      comparisonOperator:
        'above' in limit ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: limit.periods ?? 1,
      treatMissingData: treatment[runbook[heading].silence],
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }

  /** The target of an event rule that sends the operator a sentence at once. It may hold fields of the event. */
  tell(sentence: string, heading: RunbookHeading, deadLetterQueue: Queue): IRuleTarget {
    return new SnsTopic(this.topic, {
      message: RuleTargetInput.fromText(`${sentence} Runbook: ${anchorOf(heading)}`),
      deadLetterQueue,
      retryAttempts: 10,
      maxEventAge: Duration.hours(2),
    });
  }
}
