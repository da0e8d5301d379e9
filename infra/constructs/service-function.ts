import { join } from 'node:path';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, RecursiveLoop, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LogLevel, NodejsFunction, OutputFormat, SourceMapMode } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type FunctionName, functions, queues } from '../../shared/platform/resources.ts';
import type { Stage } from '../stages.ts';
import type { Alarms } from './alarms.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';

const root = join(import.meta.dirname, '../..');

/** CommonJS packages inside an ESM bundle (nodemailer) call `require`, which ESM lacks. */
const requireBanner =
  "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);";

export interface ServiceFunctionProps {
  stage: Stage;
  alarms: Alarms;
  environment: Record<string, string>;
  /**
   * Whether a timer or an event starts the function. Its failures then go to a dead-letter queue, as no caller waits.
   */
  asynchronous: boolean;
}

/** A Lambda with the project's defaults. It may only write its own log until it is granted more. */
export class ServiceFunction extends NodejsFunction {
  constructor(scope: Construct, name: FunctionName, props: ServiceFunctionProps) {
    const { stage, alarms } = props;
    const definition = functions[name];
    const logGroup = new LogGroup(scope, `${name}-log`, {
      retention: stage.logRetentionDays,
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    // Instead of AWS's managed policy, which lets a function write every log of the account.
    const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    // Lambda would stop a function that fills the queue that it works off after 16 rounds.
    const feedsItself = definition.sendsTo?.some(queue => queues[queue].consumer === name) ?? false;

    const { heapMegabytes } = definition;
    const heapLimit = heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`];

    const reserve = name === 'public-api' ? stage.apiReserve : undefined;

    super(scope, name, {
      functionName: `daily-papers-${stage.name}-${name}`,
      entry: join(root, 'functions', name, 'handler.ts'),
      projectRoot: root,
      depsLockFilePath: join(root, 'package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: definition.memoryMegabytes,
      timeout: Duration.seconds(definition.timeoutSeconds),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      ...(reserve && { reservedConcurrentExecutions: reserve }),
      recursiveLoop: feedsItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      environment: { ...props.environment, NODE_OPTIONS: ['--enable-source-maps', ...heapLimit].join(' ') },
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        // The emulator runs the bundle with the Node of its machine, which may be version 20.
        target: 'node20',
        mainFields: ['module', 'main'],
        banner: requireBanner,
        externalModules: [],
        minify: true,
        logLevel: LogLevel.WARNING,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
      },
    });

    if (props.asynchronous) {
      const what = `${name} failed on an event or a timer, also when tried again.`;
      const heading = 'A function failed on an event or a timer';
      const failures = new DeadLetterQueue(scope, `${name}-dead-letters`, alarms, what, heading);
      this.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(failures) });
    }
    const errors = this.metricErrors({ period: Duration.minutes(5) });
    alarms.whenAboveZero(`${name}-errors`, errors, `${name} fails.`, 'A function fails');
    const throttles = this.metricThrottles({ period: Duration.minutes(5) });
    alarms.whenAboveZero(`${name}-throttles`, throttles, `${name} is throttled.`, 'A function is throttled');
  }

  allow(actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>): void {
    this.addToRolePolicy(new PolicyStatement({ actions, resources, ...(conditions && { conditions }) }));
  }
}
