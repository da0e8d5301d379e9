import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { measuredBy } from '../../shared/platform/metrics.ts';
import { functionNames } from '../../shared/platform/resources.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

const { service } = synthesise({ alarmEmail: 'operator@papers.home.arpa' });
const alarms = propertiesOf(service, 'AWS::CloudWatch::Alarm');
/** What the operator is told by events, with the names of the event's fields in place of their values. */
const sentences: string[] = propertiesOf(service, 'AWS::Events::Rule')
  .flatMap(({ Targets }) => Targets)
  .flatMap(({ InputTransformer }) => (InputTransformer ? [JSON.parse(InputTransformer.InputTemplate)] : []));
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

  test('watch each metric that a function measures, in the namespace that the function is told', () => {
    const own = alarms.filter(({ Namespace }) => !Namespace.startsWith('AWS/'));
    expect(own.map(({ MetricName, Dimensions }) => [MetricName, Dimensions])).toEqual(
      Object.entries(measuredBy).map(([name, by]) => [name, [{ Name: 'service', Value: by }]]),
    );
    const told = propertiesOf(service, 'AWS::Lambda::Function').map(
      ({ Environment }) => Environment.Variables.POWERTOOLS_METRICS_NAMESPACE,
    );
    expect(new Set([...told, ...own.map(({ Namespace }) => Namespace)])).toEqual(new Set(['daily-papers-prod']));
  });

  test('tell of each digest that was halted: which one, why, and what to do', () => {
    service.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['daily-papers'], 'detail-type': ['digest.halted'] },
      Targets: [
        {
          Arn: { Ref: Match.stringLikeRegexp('^AlarmsTopic') },
          InputTransformer: {
            InputPathsMap: { 'detail-digestId': '$.detail.digestId', 'detail-reason': '$.detail.reason' },
          },
        },
      ],
    });
    expect(sentences).toEqual([
      'The digest <detail-digestId> was halted: <detail-reason>. What to do: docs/runbook.md#a-digest-was-halted',
    ]);
  });

  test('go off above zero, tell the operator, and tell when it is over', () => {
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: alarm.MetricName === 'DigestsOverdue' ? 'breaching' : 'notBreaching',
      });
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    }
    service.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operator@papers.home.arpa',
    });
  });

  test('and event rules alone may publish on a topic that has a policy of its own', () => {
    const policy = propertiesOf(service, 'AWS::SNS::TopicPolicy').find(({ Topics }) =>
      Topics[0].Ref.startsWith('AlarmsTopic'),
    );
    const statements: { Effect: string }[] = policy?.PolicyDocument.Statement;
    const allowed = { Action: 'sns:Publish', Effect: 'Allow', Resource: policy?.Topics[0] };
    expect(statements.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        ...allowed,
        Sid: expect.any(String),
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
      { ...allowed, Sid: expect.any(String), Principal: { Service: 'events.amazonaws.com' } },
    ]);
  });

  test('name a heading of the runbook each, and every heading has its alarm', () => {
    const named = new Set(
      [...alarms.map(({ AlarmDescription }) => AlarmDescription), ...sentences].map(
        text => text.match(/docs\/runbook\.md#(\S+)$/)?.[1],
      ),
    );
    expect([...named].sort()).toEqual(sections.map(anchorOf).sort());
  });

  test.each(sections.map(section => [anchorOf(section), section]))('are explained at #%s', (_, section) => {
    expect(section).toMatch(/\*\*Description\.\*\*[\s\S]+\*\*Investigation\.\*\*[\s\S]+\*\*Resolution\.\*\*/);
  });
});
