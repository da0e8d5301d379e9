import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ReceiptRule, ReceiptRuleSet } from 'aws-cdk-lib/aws-ses';
import { Sns } from 'aws-cdk-lib/aws-ses-actions';
import type { Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

interface UnsubscribeMailProps {
  /** Part of the rule's name. */
  stageName: string;
  /** Of a domain whose MX record leads to SES in this region. */
  address: string;
  /** An account has one active set, which no stack can activate: so the rule goes into the one that is there. */
  ruleSetName: string;
  /** Gets each mail to the address. */
  topic: Topic;
}

/** Lets SES hand each mail that unsubscribes (RFC 2369) to the topic that it reports to. */
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
