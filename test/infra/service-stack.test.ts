import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import { consumersAtOnce } from '../../infra/concurrency.ts';
import { functionNames, functions, queues, schedules } from '../../shared/platform/resources.ts';
import { routeThrottles } from '../../shared/platform/route-throttles.ts';
import { settings, settingsOf } from '../../shared/platform/settings.ts';
import { tables } from '../../shared/platform/tables.ts';
import { propertiesOf, synthesise } from './synthesis.ts';

const { service } = synthesise({ alarmEmail: 'operator@papers.home.arpa' });

/** Everything a function's role may do: `action on resource`, with logical ids in place of references. */
function rightsOf(name: string): string[] {
  const policy = Object.entries(service.findResources('AWS::IAM::Policy')).find(([id]) =>
    id.startsWith(`${name.replaceAll('-', '')}role`),
  );
  const statements: { Action: string | string[]; Resource: unknown }[] =
    policy?.[1].Properties.PolicyDocument.Statement;
  return statements.flatMap(({ Action, Resource }) =>
    [Action].flat().flatMap(action => [Resource].flat().map(resource => `${action} on ${JSON.stringify(resource)}`)),
  );
}

describe('the functions', () => {
  test('run on arm64 with Node 24, log as JSON, and are as large and as patient as defined', () => {
    for (const name of functionNames) {
      service.hasResourceProperties('AWS::Lambda::Function', {
        FunctionName: `daily-papers-prod-${name}`,
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: functions[name].memoryMegabytes,
        Timeout: functions[name].timeoutSeconds,
        LoggingConfig: { LogFormat: 'JSON', LogGroup: expect.anything() },
      });
    }
    const sender = propertiesOf(service, 'AWS::Lambda::Function').find(made =>
      made.FunctionName.endsWith('send-digest'),
    );
    expect(sender?.Environment.Variables.NODE_OPTIONS).toBe('--enable-source-maps --max-old-space-size=256');
    service.resourceCountIs('AWS::Lambda::Function', functionNames.length);
    for (const logGroup of propertiesOf(service, 'AWS::Logs::LogGroup')) expect(logGroup.RetentionInDays).toBe(30);
  });

  test('know the names of the tables that they are granted and of no others', () => {
    for (const created of propertiesOf(service, 'AWS::Lambda::Function')) {
      const name = created.FunctionName.replace('daily-papers-prod-', '') as keyof typeof functions;
      const granted = Object.keys(functions[name].tables).map(
        table => tables[table as keyof typeof tables].environment,
      );
      const known = Object.keys(created.Environment.Variables).filter(variable => variable.endsWith('_TABLE'));
      expect(known.sort()).toEqual(granted.sort());
    }
  });

  test.each(functionNames)('%s is told every variable that it reads and that has no default', name => {
    const source = readFileSync(new URL(`../../functions/${name}/handler.ts`, import.meta.url), 'utf8');
    const read = source.match(/readEnvironment\('[a-z-]+', \[(.*?)\]/s)?.[1]?.match(/[A-Z_]+/g) ?? [];
    const granted = Object.keys(functions[name].tables).map(table => tables[table as keyof typeof tables].environment);
    const [created] = propertiesOf(service, 'AWS::Lambda::Function').filter(({ FunctionName }) =>
      FunctionName.endsWith(name),
    );
    const named = read.filter(variable => /_QUEUE_URL$|_BUS_NAME$|^PUBLIC_|^SENDER_|^KEYS_/.test(variable));
    const undefaulted = settingsOf(name).filter(setting => !settings[setting].variable.safeParse(undefined).success);
    const required = [...granted, ...named, ...undefaulted];
    expect(required).not.toEqual([]);
    expect(Object.keys(created?.Environment.Variables)).toEqual(expect.arrayContaining(required));
  });

  test('that send mails are told where answers to them go', () => {
    const { service: answering } = synthesise({ replyTo: 'hello@papers.home.arpa' });
    for (const { Environment } of propertiesOf(answering, 'AWS::Lambda::Function')) {
      expect(Environment.Variables.REPLY_TO).toBe('hello@papers.home.arpa');
    }
  });

  test.each(functionNames)('%s may do what its definition says and no more', name => {
    const { tables: granted, scans = [], sendsTo = [], publishesEvents, sendsMail, keys } = functions[name];
    const rights = rightsOf(name);
    const has = (action: string) => rights.some(right => right.startsWith(`${action} on `));
    expect(has('dynamodb:PutItem')).toBe(Object.values(granted).includes('write'));
    expect(has('sqs:SendMessage')).toBe(sendsTo.length > 0 || schedules.some(({ target }) => target === name));
    expect(has('events:PutEvents')).toBe(publishesEvents ?? false);
    expect(has('ses:SendRawEmail')).toBe(sendsMail !== undefined);
    expect(has('ssm:GetParameter')).toBe(keys ?? false);

    for (const right of rights) expect(right).not.toMatch(/^\S*\*|dynamodb:\w+Table/);
    const scanned = rights.filter(right => right.startsWith('dynamodb:Scan'));
    expect(scanned).toEqual(scans.map(table => expect.stringMatching(new RegExp(`FnGetAtt${table}\\w+Arn`))));
    const wide = rights.filter(right => right.includes('*')).map(right => right.replace(/".*:/, '…:'));
    // The first is held to one sender by a condition, of which there is a test below; the second is asked by who shares it out.
    const toSend = sendsMail ? ['ses:SendRawEmail on {…:identity/*"]]}'] : [];
    expect(wide).toEqual(sendsMail === 'digests' ? [...toSend, 'ses:GetSendQuota on "*"'] : toSend);
  });

  test.each(functionNames)('%s writes to the tables that it is granted for writing, and no others', name => {
    const written = rightsOf(name).filter(right => right.startsWith('dynamodb:PutItem'));
    const granted = Object.entries(functions[name].tables).flatMap(([table, access]) =>
      access === 'write' ? table : [],
    );
    const names = written.map(right => Object.keys(tables).find(table => right.includes(`FnGetAtt${table}`)));
    expect(names.sort()).toEqual(granted.sort());
  });

  test('mail from the address of the stage only', () => {
    const statements = propertiesOf(service, 'AWS::IAM::Policy').flatMap(
      ({ PolicyDocument }) => PolicyDocument.Statement,
    );
    const mailing = statements.filter(statement => statement.Action === 'ses:SendRawEmail');
    expect(mailing).toHaveLength(2);
    for (const statement of mailing) {
      expect(statement.Condition).toEqual({ StringEquals: { 'ses:FromAddress': 'news@papers.home.arpa' } });
    }
  });

  test('that feed their own queue are not stopped as runaways', () => {
    const allowed = propertiesOf(service, 'AWS::Lambda::Function').filter(
      ({ RecursiveLoop }) => RecursiveLoop === 'Allow',
    );
    expect(allowed.map(({ FunctionName }) => FunctionName)).toEqual(['daily-papers-prod-send-digest']);
  });
});

test('the functions that read the key ring are started anew when it has changed, and no others', () => {
  const versions = (template: typeof service) =>
    propertiesOf(template, 'AWS::Lambda::Function').flatMap(({ Environment }) => {
      const { KEYS_PARAMETER: keys, KEYS_VERSION: version } = Environment.Variables;
      return keys || version ? [[keys, version]] : [];
    });
  const readers = Object.values(functions).filter(({ keys }) => keys).length;
  const parameter = '/daily-papers/prod/keys';
  const changed = synthesise({}, { keysVersion: '7' }).service;
  expect(versions(changed)).toEqual(Array.from({ length: readers }, () => [parameter, '7']));
  expect(versions(service)).toEqual(Array.from({ length: readers }, () => [parameter, undefined]));
});

describe('queues, timers and events', () => {
  test('hand on messages one by one failing, to as many consumers as the rate takes', () => {
    const atOnce = consumersAtOnce({ sendRate: 14, rateShare: 1 });
    for (const [name, queue] of Object.entries(queues)) {
      service.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        BatchSize: queue.batchSize,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: atOnce[name as keyof typeof queues] },
      });
      // AWS asks for six times the consumer's time limit.
      expect(queue.visibilitySeconds).toBeGreaterThanOrEqual(6 * functions[queue.consumer].timeoutSeconds);
    }
    service.resourceCountIs('AWS::Lambda::EventSourceMapping', Object.keys(queues).length);
  });

  test('start functions at the defined times in the defined zones', () => {
    const times = propertiesOf(service, 'AWS::Scheduler::Schedule').map(schedule => [
      schedule.Name,
      schedule.ScheduleExpression,
      schedule.ScheduleExpressionTimezone,
    ]);
    const expected = schedules.map(({ target, cron, timeZone }) => [
      `daily-papers-prod-${target}`,
      `cron(${cron.replace(/ \*$/, ' ? *')})`,
      timeZone,
    ]);
    expect(times.sort()).toEqual(expected.sort());
  });

  test('hand timers the very input of their schedules', () => {
    const inputs = propertiesOf(service, 'AWS::Scheduler::Schedule').map(({ Name, Target }) => [Name, Target.Input]);
    const expected = schedules.map(({ target, input }) => [`daily-papers-prod-${target}`, JSON.stringify(input)]);
    expect(inputs.sort()).toEqual(expected.sort());
  });

  test('leave whatever fails in a dead-letter queue', () => {
    for (const schedule of propertiesOf(service, 'AWS::Scheduler::Schedule')) {
      expect(schedule.Target.DeadLetterConfig.Arn).toBeDefined();
    }
    for (const rule of propertiesOf(service, 'AWS::Events::Rule')) {
      for (const target of rule.Targets) expect(target.DeadLetterConfig.Arn).toBeDefined();
    }
    const destinations = propertiesOf(service, 'AWS::Lambda::EventInvokeConfig');
    for (const { DestinationConfig } of destinations) expect(DestinationConfig.OnFailure.Destination).toBeDefined();
    expect(destinations).toHaveLength(new Set(schedules.map(({ target }) => target)).size);
    const working = propertiesOf(service, 'AWS::SQS::Queue').filter(({ RedrivePolicy }) => RedrivePolicy);
    expect(working).toHaveLength(Object.keys(queues).length);
  });
});

describe('the HTTP API', () => {
  test('asks for IAM credentials at the admin routes and for nothing elsewhere', () => {
    const routes = propertiesOf(service, 'AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType }) => [
      RouteKey,
      AuthorizationType,
    ]);
    const open = ['$default', ...Object.keys(routeThrottles)].map(key => [key, 'NONE']);
    expect(routes.sort()).toEqual([...open, ['ANY /v1/admin/{proxy+}', 'AWS_IAM']].sort());
  });

  test('limits the rate, and logs neither query strings nor addresses', () => {
    const [stage] = propertiesOf(service, 'AWS::ApiGatewayV2::Stage');
    expect(stage?.DefaultRouteSettings).toEqual({ ThrottlingRateLimit: 200, ThrottlingBurstLimit: 400 });
    expect(stage?.AccessLogSettings.Format).toMatch(/context\.path/);
    expect(stage?.AccessLogSettings.Format).not.toMatch(/query|sourceIp|protocol|header/i);
  });
});
