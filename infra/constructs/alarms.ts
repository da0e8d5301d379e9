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

/** When an alarm goes off: in so many `periods` of its metric, one after the other (1 if not given), all of one side. */
export type Limit = { periods?: number } & ({ above: number } | { below: number });

/** The topic that the operator hears from, and the alarms that speak on it. */
export class Alarms extends Construct {
  private readonly topic: Topic;

  constructor(scope: Construct, id: string, email: string | undefined) {
    super(scope, id);
    this.topic = new Topic(this, 'Topic', { displayName: 'Daily Papers alarms', enforceSSL: true });
    // A topic with a policy of its own loses the default one that lets the account's alarms publish.
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

  /** Raises an alarm as soon as the metric is above zero in one of its periods. */
  whenAboveZero(id: string, metric: IMetric, what: string, heading: RunbookHeading): void {
    this.when(id, metric, { above: 0 }, what, heading);
  }

  /** Raises an alarm when the metric passes a limit; the heading says what it means that nothing is measured. */
  when(id: string, metric: IMetric, limit: Limit, what: string, heading: RunbookHeading): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: `${what} What to do: ${anchorOf(heading)}`,
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

  /** The target of an event rule that tells the operator a sentence at once; it may hold fields of the event. */
  tell(sentence: string, heading: RunbookHeading, deadLetterQueue: Queue): IRuleTarget {
    return new SnsTopic(this.topic, {
      message: RuleTargetInput.fromText(`${sentence} What to do: ${anchorOf(heading)}`),
      deadLetterQueue,
      retryAttempts: 10,
      maxEventAge: Duration.hours(2),
    });
  }
}
