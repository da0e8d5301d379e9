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

/** The headings of docs/runbook.md. An alarm names one, so that whoever is woken up knows what to do. */
export type RunbookHeading =
  | 'A function fails'
  | 'A function is throttled'
  | 'A queue message could not be worked off'
  | 'A function failed on an event or a timer'
  | 'A timer did not reach its function'
  | 'An event did not reach its function'
  | 'The API answers with server errors'
  | 'Feedback did not reach its queue'
  | 'A source of papers has stalled or failed'
  | 'A digest is overdue'
  | 'A working day had no papers'
  | 'A digest was halted'
  | 'The daily sending quota is used up'
  | 'The sending quota is not known'
  | 'Deliveries do not add up'
  | 'Deliveries are unknown for good'
  | 'Sign-ups are refused';

/** What it means that nothing is measured: `is fine` where there is nothing to measure, `alarms` where something should be. */
export type Silence = 'is fine' | 'alarms';

/** Where the link in an alarm's description points: the heading's anchor, as Markdown viewers make it. */
function anchorOf(heading: RunbookHeading): string {
  return `docs/runbook.md#${heading.toLowerCase().replaceAll(' ', '-')}`;
}

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

  /**
   * Raises an alarm as soon as the metric is above zero in one of its periods.
   * @param options `periods`: in so many, one after the other; `silence`: whether a period without data counts as one
   */
  whenAboveZero(
    id: string,
    metric: IMetric,
    what: string,
    heading: RunbookHeading,
    { periods = 1, silence = 'is fine' }: { periods?: number; silence?: Silence } = {},
  ): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: `${what} What to do: ${anchorOf(heading)}`,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: silence === 'is fine' ? TreatMissingData.NOT_BREACHING : TreatMissingData.BREACHING,
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
