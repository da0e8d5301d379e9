import { paginateListSubscriptionsByTopic, type SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { type Finding, failed, ok, putBack, unknown, warning } from './check.ts';
import type { Resource } from './deployment.ts';

/** The topic of the stage's alarms. */
export function alarmTopicIn(resources: readonly Resource[]): string | undefined {
  return resources.find(({ type, logicalId }) => type === 'AWS::SNS::Topic' && logicalId.startsWith('Alarms'))
    ?.physicalId;
}

/** The subscriptions of a topic. */
export async function listSubscriptions(client: SNSClient, topicArn: string): Promise<Subscription[]> {
  const subscriptions: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
    // A deleted subscription is still listed for some days.
    subscriptions.push(...(page.Subscriptions ?? []).filter(({ SubscriptionArn: arn }) => arn !== 'Deleted'));
  }
  return subscriptions;
}

/** `o…@example.org`: enough to recognise an address in a log that others read. */
function masked(endpoint = ''): string {
  const at = endpoint.lastIndexOf('@');
  return at > 0 ? `${endpoint.slice(0, 1)}…${endpoint.slice(at)}` : 'an endpoint';
}

/**
 * Whether an operator gets the alarms.
 * @param isConfirmedByItself whether subscriptions need no confirmation, as in MiniStack
 */
export function judgeAlarmAddress(subscriptions: Subscription[] | undefined, isConfirmedByItself: boolean): Finding {
  if (!subscriptions) return failed('The topic for alarms is gone, so no address gets them.', putBack);
  if (subscriptions.length === 0) {
    return warning(
      'No address gets the alarms.',
      "Set the stage's alarmEmail, deploy, and press the link in the mail from AWS.",
    );
  }
  const names = (of: Subscription[]) => of.map(({ Endpoint }) => masked(Endpoint)).join(', ');
  const pending = subscriptions.filter(({ SubscriptionArn: arn }) => !arn?.startsWith('arn:'));
  const confirmed = subscriptions.filter(subscription => !pending.includes(subscription));
  if (pending.length > 0) {
    const others = confirmed.length > 0 ? ` (${names(confirmed)} gets them)` : ', so no address gets the alarms';
    return failed(
      `${names(pending)} has not confirmed that it wants the alarms${others}.`,
      'Press the link in the mail "AWS Notification - Subscription Confirmation". It is good for 2 days; after that, remove the subscription in the SNS console and deploy again.',
    );
  }
  if (isConfirmedByItself)
    return unknown(`Alarms would go to ${names(confirmed)}; MiniStack asks for no confirmation.`);
  return ok(`Alarms go to ${names(confirmed)}.`);
}
