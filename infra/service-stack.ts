import { type App, CfnOutput, Duration, Stack, TimeZone } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, EventField, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { type EventType, eventSource } from '../shared/events/events.ts';
import { eventRules } from '../shared/events/rules.ts';
import * as resources from '../shared/platform/resources.ts';
import { type TableName, tables as tableDefinitions } from '../shared/platform/tables.ts';
import { consumersAtOnce } from './concurrency.ts';
import { Alarms } from './constructs/alarms.ts';
import { addConfigurationSets } from './constructs/configuration-sets.ts';
import { DeadLetterQueue } from './constructs/dead-letter-queue.ts';
import { FeedbackTopic } from './constructs/feedback-topic.ts';
import { grantKeys, grantMail, grantScan, grantTable } from './constructs/grants.ts';
import { HttpApi } from './constructs/http-api.ts';
import {
  addHeartbeatAlarms,
  addMetricAlarms,
  addReputationAlarms,
  metricNamespaceOf,
} from './constructs/metric-alarms.ts';
import { ServiceFunction } from './constructs/service-function.ts';
import { UnsubscribeMail } from './constructs/unsubscribe-mail.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { functionSettings } from './function-settings.ts';
import { keysParameterOf, type Stage } from './stages.ts';

type Tables = Record<TableName, TableV2>;

/** Keys and values of a record, with the types of its keys. */
const entriesOf = <Name extends string, Value>(record: { [name in Name]?: Value }) =>
  Object.entries(record) as [Name, Value][];

/** Everything that can be deployed anew, made from the definitions in shared/platform/. */
export class ServiceStack extends Stack {
  private readonly alarms: Alarms;
  private readonly api: HttpApi;
  private readonly bus: EventBus;
  private readonly mail: ReturnType<typeof addConfigurationSets>;
  private readonly queues: Record<resources.QueueName, WorkQueue>;
  private readonly functions: Record<resources.FunctionName, ServiceFunction>;

  constructor(
    app: App,
    id: string,
    private readonly stage: Stage,
    private readonly tables: Tables,
  ) {
    super(app, id, { description: `Daily Papers (${stage.name}): everything but the data` });
    this.alarms = new Alarms(this, 'Alarms', stage.alarmEmail);
    this.api = new HttpApi(this, 'Http', stage, this.alarms);
    this.bus = new EventBus(this, 'Bus', { eventBusName: `daily-papers-${stage.name}` });
    this.mail = addConfigurationSets(this, stage);
    const queues = entriesOf(resources.queues).map(([name, queue]) => [
      name,
      new WorkQueue(this, name, queue, this.alarms),
    ]);
    this.queues = Object.fromEntries(queues);
    this.functions = Object.fromEntries(resources.functionNames.map(name => [name, this.addFunction(name)])) as Record<
      resources.FunctionName,
      ServiceFunction
    >;
    const atOnce = consumersAtOnce(stage);
    for (const [name, queue] of entriesOf(resources.queues)) {
      this.queues[name].feed(this.functions[queue.consumer], queue, atOnce[name]);
    }
    const feedback = new FeedbackTopic(this, 'Feedback', this.queues.feedback.queue, this.alarms);
    const { answers, data, digests } = this.mail;
    for (const mail of [answers, data]) feedback.takeReportsOf(mail, resources.feedbackEvents);
    if (digests !== answers) {
      feedback.takeReportsOf(digests, [...resources.feedbackEvents, ...resources.trackingEvents]);
    }
    if (stage.unsubscribeAddress && stage.receiptRuleSet) {
      new UnsubscribeMail(this, 'UnsubscribeMail', {
        stageName: stage.name,
        address: stage.unsubscribeAddress,
        ruleSetName: stage.receiptRuleSet,
        topic: feedback,
      });
    }
    this.addTimers();
    this.addEventRules();
    addMetricAlarms(this.alarms, metricNamespaceOf(stage));
    addHeartbeatAlarms(this.alarms, metricNamespaceOf(stage));
    addReputationAlarms(this.alarms);
    this.api.serve(this.functions['public-api'], this.functions['admin-api']);

    new CfnOutput(this, 'PublicUrl', { value: this.publicUrl });
    new CfnOutput(this, 'ApiUrl', { value: this.api.url });
    new CfnOutput(this, 'AdminUrl', { value: `${this.api.url}/v1/admin` });
    new CfnOutput(this, 'EventBusName', { value: this.bus.eventBusName });
    new CfnOutput(this, 'FeedbackTopicArn', { value: feedback.topicArn });
  }

  /** The address that readers see, the base of every link in mails and pages. */
  private get publicUrl(): string {
    const { publicUrl, domainName } = this.stage;
    return publicUrl ?? (domainName ? `https://${domainName}` : this.api.url);
  }

  private addFunction(name: resources.FunctionName): ServiceFunction {
    const { stage, alarms } = this;
    const definition = resources.functions[name];
    const starters = [...resources.schedules, ...eventRules];
    const asynchronous = starters.some(starter => starter.target === name);
    const created = new ServiceFunction(this, name, {
      stage,
      alarms,
      asynchronous,
      environment: functionSettings(stage, this.publicUrl),
    });

    for (const [tableName, access] of entriesOf(definition.tables)) {
      const table = this.tables[tableName];
      grantTable(created, table, tableDefinitions[tableName], access);
      created.addEnvironment(tableDefinitions[tableName].environment, table.tableName);
      if (definition.scans?.includes(tableName)) grantScan(created, table);
    }
    for (const queueName of definition.sendsTo ?? []) {
      const { queue } = this.queues[queueName];
      created.allow(['sqs:SendMessage'], [queue.queueArn]);
      created.addEnvironment(resources.queues[queueName].environment, queue.queueUrl);
    }
    if (definition.publishesEvents) {
      created.allow(['events:PutEvents'], [this.bus.eventBusArn]);
      created.addEnvironment('EVENT_BUS_NAME', this.bus.eventBusName);
    }
    if (definition.sendsMail) {
      const { configurationSetName: name } = this.mail[definition.sendsMail];
      const { configurationSetName: data } = this.mail.data;
      const isAnswers = definition.sendsMail === 'answers';
      grantMail(created, stage, isAnswers ? [name, data] : [name], definition.sendsMail);
      created.addEnvironment('CONFIGURATION_SET', name);
      if (isAnswers) created.addEnvironment('DATA_CONFIGURATION_SET', data);
    }
    if (definition.keys) {
      grantKeys(created, stage);
      created.addEnvironment('KEYS_PARAMETER', keysParameterOf(stage));
      // No code reads it: Lambda starts a function anew when its environment changes, which drops removed keys.
      const version: unknown = this.node.tryGetContext('keysVersion');
      if (version) created.addEnvironment('KEYS_VERSION', String(version));
    }
    return created;
  }

  private addTimers(): void {
    const what = 'A timer did not reach its function.';
    const heading = 'A timer did not reach its function';
    const deadLetterQueue = new DeadLetterQueue(this, 'undelivered-timers', this.alarms, what, heading);
    // Our own role: the CDK's could also invoke every version of a function.
    const invoked = resources.schedules.map(schedule => this.functions[schedule.target].functionArn);
    const role = new Role(this, 'timers-role', { assumedBy: new ServicePrincipal('scheduler.amazonaws.com') });
    role.addToPolicy(new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: invoked }));
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [deadLetterQueue.queueArn] }));

    for (const { target, cron, timeZone, input } of resources.schedules) {
      const [minute = '*', hour = '*', day = '*', month = '*', weekDay] = cron.split(' ');
      // EventBridge counts weekdays from 1, cron from 0: a timer with a weekday would need a translation.
      if (weekDay !== '*') throw new Error(`The timer of ${target} has a weekday ("${cron}"), which isn't translated.`);
      new Schedule(this, `${target}-timer`, {
        scheduleName: `daily-papers-${this.stage.name}-${target}`,
        schedule: ScheduleExpression.cron({ minute, hour, day, month, timeZone: TimeZone.of(timeZone) }),
        // The next run does the same work, so an old start is not tried again.
        target: new LambdaInvoke(this.functions[target], {
          role: role.withoutPolicyUpdates(),
          input: ScheduleTargetInput.fromObject(input),
          deadLetterQueue,
          retryAttempts: 5,
          maxEventAge: Duration.minutes(30),
        }),
      });
    }
  }

  private addEventRules(): void {
    const what = 'An event did not reach its function.';
    const heading = 'An event did not reach its function';
    const deadLetterQueue = new DeadLetterQueue(this, 'undelivered-events', this.alarms, what, heading);
    const addRule = (name: string, detailType: EventType, target: IRuleTarget) =>
      new Rule(this, `${name}-rule`, {
        eventBus: this.bus,
        eventPattern: { source: [eventSource], detailType: [detailType] },
        targets: [target],
      });
    for (const { name, detailType, target } of eventRules) {
      const options = { deadLetterQueue, retryAttempts: 10, maxEventAge: Duration.hours(2) };
      addRule(name, detailType, new LambdaFunction(this.functions[target], options));
    }
    const [digestId, reason] = ['digestId', 'reason'].map(field => EventField.fromPath(`$.detail.${field}`));
    const sentence = `The digest ${digestId} was halted: ${reason}.`;
    addRule('halted', 'digest.halted', this.alarms.tell(sentence, 'A digest was halted', deadLetterQueue));
  }
}
