import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../shared/platform/environment.ts';
import { feedbackEvents, functions, queues, trackingEvents } from '../../shared/platform/resources.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

const { service } = synthesise();
const idOf = (type: string, start: string) => {
  const id = Object.keys(service.findResources(type)).find(one => one.startsWith(start));
  if (!id) throw new Error(`There is no ${type} ${start}.`);
  return id;
};
const topic = { Ref: idOf('AWS::SNS::Topic', 'Feedback') };
const queue = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'feedbackqueueQueue'), 'Arn'] };
const allowing = (policy: { PolicyDocument: { Statement: { Effect: string; Resource: unknown }[] } } | undefined) =>
  policy?.PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow');

describe('a mail that unsubscribes', () => {
  const received = { unsubscribeAddress: 'leave@papers.home.arpa', receiptRuleSet: 'inbound' };
  const { service: receiving } = synthesise(received);
  const [[ruleId, rule] = []] = Object.entries(receiving.findResources('AWS::SES::ReceiptRule'));

  test('goes from SES to the topic, by a rule in the set that the account has', () => {
    expect(rule?.Properties).toMatchObject({
      RuleSetName: 'inbound',
      Rule: { Enabled: true, Recipients: ['leave@papers.home.arpa'], Actions: [{ SNSAction: { TopicArn: topic } }] },
    });
    expect(ruleId).toBeDefined();
    expect(rule?.DependsOn).toContain(idOf('AWS::SNS::TopicPolicy', 'Feedback'));
    const policy = propertiesOf(receiving, 'AWS::SNS::TopicPolicy').find(({ Topics }) => Topics[0].Ref === topic.Ref);
    const sources = JSON.stringify(allowing(policy));
    expect(sources).toContain(`receipt-rule-set/inbound:receipt-rule/${rule?.Properties.Rule.Name}`);
  });

  test('is offered by the mails only where it is received', () => {
    const offers = (template: typeof service) =>
      propertiesOf(template, 'AWS::Lambda::Function').flatMap(
        ({ Environment }) => Environment?.Variables.UNSUBSCRIBE_ADDRESS ?? [],
      );
    expect(new Set(offers(receiving))).toEqual(new Set(['leave@papers.home.arpa']));
    expect(offers(service)).toEqual([]);
    expect(service.findResources('AWS::SES::ReceiptRule')).toEqual({});
  });
});

describe('the report of SES', () => {
  test('about each message of the configuration set goes to the topic, every kind that is asked for', () => {
    const destinations = propertiesOf(service, 'AWS::SES::ConfigurationSetEventDestination');
    const sets = ['Mail', 'DataMail'].map(name => ({ Ref: idOf('AWS::SES::ConfigurationSet', name) }));
    expect(destinations.map(({ ConfigurationSetName }) => ConfigurationSetName)).toEqual(sets);
    for (const { EventDestination } of destinations) {
      expect(EventDestination).toMatchObject({ Enabled: true, SnsDestination: { TopicARN: topic } });
      expect(EventDestination.MatchingEventTypes.sort()).toEqual([...feedbackEvents].sort());
    }
  });

  test('the mail with the link to the kept data goes past the suppression list of SES, and no other does', () => {
    const sets = Object.entries(service.findResources('AWS::SES::ConfigurationSet'));
    const past = sets.filter(([, { Properties }]) => Properties.SuppressionOptions !== undefined);
    expect(past.map(([, { Properties }]) => Properties.SuppressionOptions)).toEqual([{ SuppressedReasons: [] }]);
    const users = propertiesOf(service, 'AWS::Lambda::Function').filter(({ Environment }) =>
      JSON.stringify(Environment?.Variables ?? {}).includes(past[0]?.[0] ?? 'none'),
    );
    expect(
      users.map(({ FunctionName, Environment }) => [FunctionName, Environment.Variables.DATA_CONFIGURATION_SET]),
    ).toEqual([[expect.stringMatching(/enroll-subscribers$/), { Ref: past[0]?.[0] }]]);
  });

  test('about digests is also who opens them and follows their links, where the stage says so, and never about other mails', () => {
    const { service: tracking } = synthesise({ trackOpensAndClicks: 'true' });
    const destinations = Object.values(tracking.findResources('AWS::SES::ConfigurationSetEventDestination'));
    const eventsOf = new Map(
      destinations.map(({ Properties, DependsOn }) => {
        expect(DependsOn).toContain(idOf('AWS::SNS::TopicPolicy', 'Feedback'));
        expect(Properties.EventDestination.SnsDestination).toEqual({ TopicARN: topic });
        return [Properties.ConfigurationSetName.Ref, Properties.EventDestination.MatchingEventTypes.sort()];
      }),
    );
    const policy = propertiesOf(tracking, 'AWS::SNS::TopicPolicy').find(({ Topics }) => Topics[0].Ref === topic.Ref);
    const seen = propertiesOf(tracking, 'AWS::Lambda::Function').flatMap(({ FunctionName, Environment }) => {
      const sends = Object.entries(functions).find(([name]) => FunctionName.endsWith(name))?.[1].sendsMail;
      const set = Environment?.Variables.CONFIGURATION_SET?.Ref;
      expect(set !== undefined).toBe(sends !== undefined);
      if (!sends) return [];
      expect(JSON.stringify(allowing(policy))).toContain(set);
      const wanted = [...feedbackEvents, ...(sends === 'digests' ? trackingEvents : [])];
      expect(eventsOf.get(set)).toEqual(wanted.sort());
      expect(readSettings(['TRACK_OPENS_AND_CLICKS'], Environment.Variables).TRACK_OPENS_AND_CLICKS).toBe(true);
      return [sends];
    });
    expect(seen.sort()).toEqual(['answers', 'digests']);
    const [untold] = propertiesOf(service, 'AWS::Lambda::Function');
    expect(readSettings(['TRACK_OPENS_AND_CLICKS'], untold?.Environment.Variables)).toEqual({
      TRACK_OPENS_AND_CLICKS: false,
    });
  });

  test('is attached only when the topic lets SES in, for SES tries at once', () => {
    const [destination] = Object.values(service.findResources('AWS::SES::ConfigurationSetEventDestination'));
    expect(destination?.DependsOn).toContain(idOf('AWS::SNS::TopicPolicy', 'Feedback'));
  });

  test('may be published by SES alone, for this account and its configuration sets', () => {
    const policy = propertiesOf(service, 'AWS::SNS::TopicPolicy').find(({ Topics }) => Topics[0].Ref === topic.Ref);
    const sets = ['Mail', 'DataMail'].map(name => ({ Ref: idOf('AWS::SES::ConfigurationSet', name) }));
    expect(allowing(policy)).toEqual(
      sets.map(set =>
        expect.objectContaining({
          Action: 'sns:Publish',
          Principal: { Service: 'ses.amazonaws.com' },
          Resource: topic,
          Condition: {
            StringEquals: {
              'AWS:SourceAccount': { Ref: 'AWS::AccountId' },
              'AWS:SourceArn': { 'Fn::Join': ['', expect.arrayContaining([':configuration-set/', set])] },
            },
          },
        }),
      ),
    );
  });

  test('fills the queue in SNS envelopes, and what does not get there is kept', () => {
    const subscriptions = propertiesOf(service, 'AWS::SNS::Subscription');
    const [subscription, ...others] = subscriptions.filter(({ Protocol }) => Protocol !== 'email');
    expect(others).toEqual([]);
    expect(subscription).toMatchObject({ Protocol: 'sqs', TopicArn: topic, Endpoint: queue });
    expect(subscription?.RawMessageDelivery ?? false).toBe(false);
    const kept = { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', 'undeliveredfeedback'), 'Arn'] };
    expect(subscription?.RedrivePolicy).toEqual({ deadLetterTargetArn: kept });
  });

  test('is admitted to the queue from the topic alone', () => {
    const policies = propertiesOf(service, 'AWS::SQS::QueuePolicy').flatMap(policy => allowing(policy) ?? []);
    const admitting = policies.filter(statement => isDeepStrictEqual(statement.Resource, queue));
    expect(admitting).toEqual([
      {
        Effect: 'Allow',
        Action: 'sqs:SendMessage',
        Principal: { Service: 'sns.amazonaws.com' },
        Resource: queue,
        Condition: { ArnEquals: { 'aws:SourceArn': topic } },
      },
    ]);
  });

  test('is worked through in batches that may take a while to fill, where others do not wait', () => {
    const windows = propertiesOf(service, 'AWS::Lambda::EventSourceMapping').map(mapping => [
      mapping.BatchSize,
      mapping.MaximumBatchingWindowInSeconds,
    ]);
    expect(windows.sort()).toEqual(
      Object.values(queues)
        .map(({ batchSize, windowSeconds }) => [batchSize, windowSeconds])
        .sort(),
    );
  });
});

describe('the settings of sending and halting', () => {
  const names = [
    'CONFIRMATION_SHARE',
    'EVIDENCE_SECONDS',
    'RESEND_UNKNOWN',
    'HALT_LEAST_SENT',
    'HALT_BOUNCE_RATE',
    'HALT_COMPLAINT_RATE',
    'HALT_LEAST_BOUNCES',
    'HALT_LEAST_COMPLAINTS',
    'HALT_LEAST_DOMAINS',
  ] as const;
  const environmentOf = (template: typeof service) => {
    const [created] = propertiesOf(template, 'AWS::Lambda::Function').filter(({ FunctionName }) =>
      FunctionName.endsWith('send-digest'),
    );
    return created?.Environment.Variables as Record<string, string>;
  };

  test('are left to the functions where the stage has none', () => {
    expect(Object.keys(environmentOf(service)).filter(name => names.some(one => one === name))).toEqual([]);
  });

  test.each([
    [{ confirmationShare: 0, evidenceSeconds: 1, resendUnknown: false }, [0, 1, false, 500, 0.05, 0.001, 10, 5, 3]],
    [
      {
        confirmationShare: '0.9',
        resendUnknown: 'true',
        haltLeastSent: '1',
        haltBounceRate: '1',
        haltComplaintRate: '1e-4',
        haltLeastBounces: '2',
        haltLeastComplaints: '3',
        haltLeastDomains: '1',
      },
      [0.9, 3600, true, 1, 1, 0.0001, 2, 3, 1],
    ],
  ])('%j reach the functions, which take them', (given, expected) => {
    const environment = environmentOf(synthesise(given).service);
    expect(Object.values(readSettings(names, environment))).toEqual(expected);
  });
});
