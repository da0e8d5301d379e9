import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ReceiptRule, ReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { Sns } from 'aws-cdk-lib/aws-ses-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

interface UnsubscribeMailProps {
  /** Part of the rule's name. */
  stageName: string;
  /** An address at a domain whose MX record names SES in this region. */
  address: string;
  /** The account's active rule set. There is one an account and no stack can activate one, so the rule goes into it. */
  ruleSetName: string;
  /** The topic that gets each mail to the address. */
  topic: Topic;
}

/** The SES rule that publishes each mail that unsubscribes (RFC 2369) to a topic. */
export class UnsubscribeMail extends Construct {
  constructor(scope: Construct, id: string, { stageName, address, ruleSetName, topic }: UnsubscribeMailProps) {
    super(scope, id);
    const receiptRuleName = `daily-papers-${stageName}-unsubscribe`;
    const { account } = Stack.of(this);
    const resource = `receipt-rule-set/${ruleSetName}:receipt-rule/${receiptRuleName}`;
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('ses.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: {
          StringEquals: {
            'AWS:SourceAccount': account,
            'AWS:SourceArn': Stack.of(this).formatArn({ service: 'ses', resource }),
          },
        },
      }),
    );
    const rule = new ReceiptRule(this, 'Rule', {
      ruleSet: ReceiptRuleSet.fromReceiptRuleSetName(this, 'RuleSet', ruleSetName),
      receiptRuleName,
      recipients: [address],
      actions: [new Sns({ topic })],
    });
    // SES tries at once whether it may publish.
    rule.node.addDependency(topic);
  }
}
