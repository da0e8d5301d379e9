import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** The headings of docs/runbook.md. An alarm names one, so that whoever is woken up knows what to do. */
export type RunbookHeading =
  | 'A function fails'
  | 'A function is throttled'
  | 'A queue message could not be worked off'
  | 'A function failed on an event or a timer'
  | 'A timer did not reach its function'
  | 'An event did not reach its function'
  | 'The API answers with server errors';

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

  /** Raises an alarm as soon as the metric is above zero in one of its periods. */
  whenAboveZero(id: string, metric: IMetric, what: string, heading: RunbookHeading): void {
    const alarm = new Alarm(this, id, {
      metric,
      alarmDescription: `${what} What to do: ${anchorOf(heading)}`,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
