import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { runbook as table } from '../../infra/constructs/runbook.ts';
import { readSettings } from '../../shared/platform/environment.ts';
import { heartbeat, measuredBy } from '../../shared/platform/metrics.ts';
import { functionNames, queues, schedules } from '../../shared/platform/resources.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

const { service } = synthesise({ alarmEmail: 'operator@papers.home.arpa' });
const alarms = propertiesOf(service, 'AWS::CloudWatch::Alarm');
/** The sentences that events tell the operator, with the names of the event's fields in place of their values. */
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
    const own = alarms.filter(
      ({ Namespace, MetricName, Dimensions }) =>
        Namespace === 'daily-papers-prod' && Dimensions && MetricName !== heartbeat,
    );
    expect(own.map(({ MetricName, Dimensions }) => [MetricName, Dimensions]).sort()).toEqual(
      Object.entries(measuredBy)
        .map(([name, by]) => [name, [{ Name: 'service', Value: by }]])
        .sort(),
    );
    const told = propertiesOf(service, 'AWS::Lambda::Function').map(
      ({ Environment }) => Environment.Variables.POWERTOOLS_METRICS_NAMESPACE,
    );
    expect(new Set(told)).toEqual(new Set(['daily-papers-prod']));
  });

  test('go off when of a timer nothing good was heard for twice the time between two runs', () => {
    const pauses = { 'ingest-papers': 60, 'snapshot-counts': 60, 'plan-deliveries': 15, 'expire-subscribers': 24 * 60 };
    const silent = alarms.filter(({ MetricName }) => MetricName === heartbeat);
    expect(silent).toHaveLength(schedules.length);
    for (const { target } of schedules) {
      expect(silent.find(({ Dimensions }) => Dimensions[0].Value === target)).toMatchObject({
        Namespace: 'daily-papers-prod',
        Dimensions: [{ Name: 'service', Value: target }],
        Statistic: 'Sum',
        Period: 60 * (pauses[target as keyof typeof pauses] ?? 10),
        EvaluationPeriods: 2,
        Threshold: 1,
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
      });
    }
  });

  test('watch the oldest message of every queue', () => {
    const late = alarms.filter(({ MetricName }) => MetricName === 'ApproximateAgeOfOldestMessage');
    const lateSeconds = Object.values(queues).map(queue => queue.lateSeconds);
    expect(late.map(({ Threshold }) => Threshold)).toEqual(lateSeconds);
    // Later than that, a mail that went out may be taken for one that did not.
    expect(queues.feedback.lateSeconds).toBeLessThan(readSettings(['EVIDENCE_SECONDS'], {}).EVIDENCE_SECONDS);
    expect(new Set(late.map(({ Dimensions }) => Dimensions[0].Value['Fn::GetAtt'][0])).size).toBe(lateSeconds.length);
  });

  test('watch the account’s reputation below the levels at which SES puts it under review', () => {
    const reputation = alarms.filter(({ Namespace }) => Namespace === 'AWS/SES');
    expect(reputation.map(({ MetricName, Threshold, Dimensions }) => [MetricName, Threshold, Dimensions])).toEqual([
      ['Reputation.BounceRate', 0.03, undefined],
      ['Reputation.ComplaintRate', 0.0006, undefined],
    ]);
  });

  test('watch how long the API takes, and the share of its answers that are 429', () => {
    const slow = alarms.find(({ MetricName }) => MetricName === 'Latency');
    expect(slow).toMatchObject({
      Namespace: 'AWS/ApiGateway',
      ExtendedStatistic: 'p99',
      Threshold: 3000,
      EvaluationPeriods: 3,
    });
    // Each line of the access log of the same API counts as 0 or as 100, so that their average is the share in percent.
    const filters = propertiesOf(service, 'AWS::Logs::MetricFilter');
    const metric = { MetricName: 'RefusedPercent', MetricNamespace: 'daily-papers-prod' };
    expect(filters.map(({ FilterPattern, MetricTransformations }) => [FilterPattern, MetricTransformations])).toEqual([
      ['{ $.status != "429" }', [{ ...metric, MetricValue: '0' }]],
      ['{ $.status = "429" }', [{ ...metric, MetricValue: '100' }]],
    ]);
    expect(alarms.find(({ MetricName }) => MetricName === 'RefusedPercent')).toMatchObject({
      Namespace: 'daily-papers-prod',
      Statistic: 'Average',
      Threshold: 5,
      EvaluationPeriods: 2,
    });
    const [stage] = propertiesOf(service, 'AWS::ApiGatewayV2::Stage');
    for (const { LogGroupName } of filters) {
      expect(stage?.AccessLogSettings.DestinationArn['Fn::GetAtt'][0]).toBe(LogGroupName.Ref);
    }
    // As a text, which is how the filters read it.
    expect(JSON.parse(stage?.AccessLogSettings.Format).status).toBe('$context.status');
  });

  test('tell of each digest that was halted: which one, why, and what to do', () => {
    service.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['daily-papers'], 'detail-type': ['digest.halted'] },
      Targets: [
        {
          Arn: { Ref: expect.stringMatching(/^AlarmsTopic/) },
          InputTransformer: {
            InputPathsMap: { 'detail-digestId': '$.detail.digestId', 'detail-reason': '$.detail.reason' },
          },
        },
      ],
    });
    expect(sentences).toEqual([
      'The digest <detail-digestId> was halted: <detail-reason>. Runbook: docs/runbook.md#a-digest-was-halted',
    ]);
  });

  test('tell the operator, and tell when it is over', () => {
    for (const alarm of alarms) {
      expect(alarm.AlarmActions).toHaveLength(1);
      expect(alarm.OKActions).toEqual(alarm.AlarmActions);
    }
    service.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operator@papers.home.arpa',
    });
  });

  test('take silence for what the table of headings says it means', () => {
    const means = { 'is fine': 'notBreaching', alarms: 'breaching', 'changes nothing': 'ignore' };
    const headings = Object.entries(table).map(([heading, { silence }]) => [anchorOf(heading), means[silence]]);
    for (const { AlarmDescription, TreatMissingData } of alarms) {
      const anchor = AlarmDescription.match(/#(\S+)$/)?.[1];
      expect([anchor, TreatMissingData]).toEqual(headings.find(([name]) => name === anchor));
    }
    const silent = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');
    expect(new Set(silent.map(({ MetricName }) => MetricName))).toEqual(new Set([heartbeat, 'DigestsOverdue']));
  });

  test('look no further back than CloudWatch does: a day, or seven with periods of an hour or more', () => {
    for (const { Period, EvaluationPeriods, Metrics } of alarms) {
      // MiniStack makes no alarm of a formula, and then no stack.
      expect(Metrics).toBeUndefined();
      expect(Period % 60).toBe(0);
      expect(Period * EvaluationPeriods).toBeLessThanOrEqual((Period < 3600 ? 1 : 7) * 86_400);
    }
  });

  test('are made, too, where nobody is told', () => {
    const { service: untold } = synthesise({ keepData: false, alarmEmail: undefined });
    expect(propertiesOf(untold, 'AWS::CloudWatch::Alarm')).toHaveLength(alarms.length);
    untold.resourcePropertiesCountIs('AWS::SNS::Subscription', { Protocol: 'email' }, 0);
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
