import { schedules } from '../../shared/platform/resources.ts';
import type { Answers, Input } from '../support/aws-server.ts';
import { AwsError } from '../support/aws-server.ts';

/** When the doctor of these tests looks. */
export const now = Date.parse('2026-11-27T18:00:00Z');
const minute = 60_000;

/** An AWS account with one deployed stage, `prod`, in which nothing is wrong. Tests break what they are about. */
function createAccount(publicUrl: string, endpoint: string) {
  return {
    stacks: ['data', 'service'].map(part => ({ name: `daily-papers-prod-${part}`, status: 'UPDATE_COMPLETE' })),
    resources: [
      resource('AWS::SNS::Topic', 'AlarmsTopic3A2DFEBA', 'arn:aws:sns:eu-west-1:123456789012:alarms'),
      resource('AWS::SNS::Topic', 'Feedback2A073F76', 'arn:aws:sns:eu-west-1:123456789012:feedback'),
      resource('AWS::SQS::Queue', 'batchesqueueQueue2AF5A3C6', `${endpoint}/1/batches`),
      resource('AWS::SQS::Queue', 'batchesqueuebatchesdeadletters74BC36D7', `${endpoint}/1/batches-dead-letters`),
      resource('AWS::SQS::Queue', 'ingestpapersdeadletters5979EADF', `${endpoint}/1/ingest-papers-dead-letters`),
      resource('AWS::SQS::Queue', 'undeliveredtimers0AB99433', `${endpoint}/1/undelivered-timers`),
      ...schedules.map(({ target }) =>
        resource('AWS::Scheduler::Schedule', `${target}timer`, `daily-papers-prod-${target}`),
      ),
    ],
    messages: {} as Record<string, number>,
    environment: {
      SENDER_ADDRESS: 'daily@papers.example.org',
      PUBLIC_URL: publicUrl,
      SUBSCRIBERS_TABLE: 'subscribers',
      KEYS_PARAMETER: '/daily-papers/prod/keys',
      KEYS_VERSION: '3',
    } as Record<string, string>,
    /** Of other stages' send-digest, by its name. */
    otherEnvironments: {} as Record<string, Record<string, string>>,
    identities: {
      'papers.example.org': {
        VerifiedForSendingStatus: true,
        DkimAttributes: { SigningEnabled: true, Status: 'SUCCESS', Tokens: ['t1', 't2', 't3'] },
        MailFromAttributes: { MailFromDomain: 'mail.papers.example.org', MailFromDomainStatus: 'SUCCESS' },
      },
    } as Record<string, Record<string, unknown>>,
    ses: { ProductionAccessEnabled: true, SendingEnabled: true, EnforcementStatus: 'HEALTHY' } as Record<
      string,
      unknown
    >,
    quota: { Max24HourSend: 50_000, MaxSendRate: 14, SentLast24Hours: 100 },
    /** Active readers by `zone#hour`. */
    readers: { 'Europe/Berlin#7': 3_000, 'America/New_York#7': 1_000 } as Record<string, number>,
    concurrency: 1_000,
    reserved: {} as Record<string, number>,
    mappingState: 'Enabled',
    subscriptions: [
      { Protocol: 'email', Endpoint: 'operator@example.org', SubscriptionArn: 'arn:aws:sns:eu-west-1:1:a:b' },
    ],
    timers: Object.fromEntries(
      schedules.map(({ target, cron }) => [
        target,
        { state: 'ENABLED', cron: `cron(${cron.replace(/ \*$/, ' ? *')})`, changedAt: now - 90 * 24 * 60 * minute },
      ]),
    ) as Record<string, { state: string; cron: string; changedAt: number }>,
    /** Minutes since a timer's last run, and whether that ended in an error. */
    runs: Object.fromEntries(schedules.map(({ target }) => [target, { minutesAgo: 5, hasFailed: false }])) as Record<
      string,
      { minutesAgo: number; hasFailed: boolean } | undefined
    >,
    parameter: { Name: '/daily-papers/prod/keys', Type: 'SecureString', Version: 3 } as
      | Record<string, unknown>
      | undefined,
    tags: { 'backed-up-version': '3', 'backed-up-at': '2026-11-20T09:00:00.000Z' } as Record<string, string>,
  };
}

export type Account = ReturnType<typeof createAccount>;

/** The account, and what it answers to every call. @param endpoint of the server that gives these answers */
export function healthyAccount(publicUrl: string, endpoint: string): { account: Account; answers: Answers } {
  const account = createAccount(publicUrl, endpoint);
  return { account, answers: answersOf(account) };
}

function resource(type: string, logicalId: string, physicalId: string) {
  return { ResourceType: type, LogicalResourceId: logicalId, PhysicalResourceId: physicalId };
}

function answersOf(account: Account): Answers {
  const functionOf = (input: Input) => String(input.FunctionName).replace('daily-papers-prod-', '');
  return {
    DescribeStacks: () => ({
      Stacks: account.stacks.map(({ name, status }) => ({
        StackName: name,
        StackId: `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1`,
        StackStatus: status,
      })),
    }),
    ListStackResources: ({ StackName }) => ({
      StackResourceSummaries: StackName === 'daily-papers-prod-service' ? account.resources : [],
    }),
    GetFunctionConfiguration: input => ({
      Environment: { Variables: account.otherEnvironments[String(input.FunctionName)] ?? account.environment },
    }),
    GetAccount: () => account.ses,
    GetSendQuota: () => account.quota,
    GetEmailIdentity: ({ EmailIdentity }) => {
      const identity = account.identities[String(EmailIdentity)];
      if (!identity) throw new AwsError('NotFoundException', 'Email identity does not exist.', 404);
      return identity;
    },
    DescribeTable: () => ({ Table: { ItemCount: Object.values(account.readers).reduce((sum, n) => sum + n, 0) } }),
    Query: input => query(account, input),
    GetAccountSettings: () => ({ AccountLimit: { ConcurrentExecutions: account.concurrency } }),
    GetFunctionConcurrency: input => {
      const reserved = account.reserved[functionOf(input)];
      return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
    },
    ListEventSourceMappings: () => ({
      EventSourceMappings: [{ State: account.mappingState, ScalingConfig: { MaximumConcurrency: 5 } }],
    }),
    ListSubscriptionsByTopic: () => ({ Subscriptions: account.subscriptions }),
    GetSchedule: ({ Name }) => {
      const timer = account.timers[String(Name).replace('daily-papers-prod-', '')];
      if (!timer) throw new AwsError('ResourceNotFoundException', 'Schedule does not exist.', 404);
      return {
        State: timer.state,
        ScheduleExpression: timer.cron,
        Target: { Arn: `arn:aws:lambda:eu-west-1:123456789012:function:${Name}` },
        LastModificationDate: timer.changedAt / 1000,
      };
    },
    GetMetricData: input => metricData(account, input),
    DescribeParameters: () => ({ Parameters: account.parameter ? [account.parameter] : [] }),
    ListTagsForResource: () => ({ TagList: Object.entries(account.tags).map(([Key, Value]) => ({ Key, Value })) }),
    GetQueueAttributes: ({ QueueUrl }) => ({
      Attributes: {
        ApproximateNumberOfMessages: String(account.messages[String(QueueUrl).split('/').pop() ?? ''] ?? 0),
        ApproximateNumberOfMessagesNotVisible: '0',
      },
    }),
  };
}

function query({ readers }: Account, input: Input) {
  const values = input.ExpressionAttributeValues as Record<string, { S: string }>;
  if (values[':pk']?.S === 'zones') {
    const zones = new Set(Object.keys(readers).map(slot => slot.split('#')[0] ?? ''));
    return { Items: [...zones].map(zone => ({ pk: { S: 'zones' }, sk: { S: zone } })), Count: zones.size };
  }
  const count = readers[values[':slot']?.S ?? ''] ?? 0;
  // A shard has a 64th of them.
  return { Count: values[':shard'] ? Math.round(count / 64) : count };
}

function metricData({ runs }: Account, input: Input) {
  const queries = input.MetricDataQueries as {
    Id: string;
    MetricStat: { Metric: { Dimensions: { Value: string }[] } };
  }[];
  return {
    MetricDataResults: queries.map(({ Id, MetricStat }) => {
      const run = runs[String(MetricStat.Metric.Dimensions[0]?.Value).replace('daily-papers-prod-', '')];
      const at = run ? now / 1000 - run.minutesAgo * 60 : 0;
      const isAsked = run !== undefined && at >= Number(input.StartTime);
      const value = (Id === 'errors') === run?.hasFailed ? 1 : 0;
      return { Id, Timestamps: isAsked ? [at] : [], Values: isAsked ? [value] : [] };
    }),
  };
}
