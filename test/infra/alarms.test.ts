import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { functionNames } from '../../shared/platform/resources.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

const { service } = synthesise({ alarmEmail: 'operator@papers.test' });
const alarms = propertiesOf(service, 'AWS::CloudWatch::Alarm');
const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
const sections = runbook.split(/^## /m).slice(1);
const anchorOf = (section: string) => (section.split('\n')[0] ?? '').toLowerCase().replaceAll(' ', '-');

describe('the alarms', () => {
  test('watch every dead-letter queue', () => {
    const queueIds = Object.entries(service.findResources('AWS::SQS::Queue'))
      .filter(([, { Properties }]) => !Properties.RedrivePolicy)
      .map(([id]) => id);
    const watched = alarms
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
      .map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0]);
    expect(watched.sort()).toEqual(queueIds.sort());
  });

  test('watch every function for errors and throttles, and the API for server errors', () => {
    const count = (metric: string) => alarms.filter(({ MetricName }) => MetricName === metric).length;
    expect([count('Errors'), count('Throttles'), count('5xx')]).toEqual([
      functionNames.length,
      functionNames.length,
      1,
    ]);
  });

  test('go off above zero, tell the operator, and tell when it is over', () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'notBreaching',
      });
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    }
    service.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'operator@papers.test' });
  });

  test('may publish on a topic that has a policy of its own', () => {
    const [policy] = propertiesOf(service, 'AWS::SNS::TopicPolicy');
    expect(policy?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Action: 'sns:Publish',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
  });

  test('name a heading of the runbook each, and every heading has its alarm', () => {
    const named = new Set(
      alarms.map(({ AlarmDescription }) => AlarmDescription.match(/docs\/runbook\.md#(\S+)$/)?.[1]),
    );
    expect([...named].sort()).toEqual(sections.map(anchorOf).sort());
  });

  test.each(sections.map(section => [anchorOf(section), section]))('are explained at #%s', (_, section) => {
    expect(section).toMatch(/\*\*Description\.\*\*[\s\S]+\*\*Investigation\.\*\*[\s\S]+\*\*Resolution\.\*\*/);
  });
});
