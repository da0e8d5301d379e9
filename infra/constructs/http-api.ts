import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as Api,
  CfnApiMapping,
  type CfnStage,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { defaultThrottle, routeThrottles } from '../../shared/platform/route-throttles.ts';
import { gatewayNameOf, type Stage } from '../stages.ts';
import type { Alarms } from './alarms.ts';
import { metricNamespaceOf } from './metric-alarms.ts';

/** Milliseconds: twice the time of a cold start with a page. */
const slowMilliseconds = 3000;
/** Percent of the answers in half an hour: a single reader who reaches a limit stays below it. */
const mostRefused = 5;

/** Without IPs, query strings (which hold links' tokens) and headers. */
const accessLog = AccessLogFormat.custom(
  JSON.stringify({
    requestId: AccessLogField.contextRequestId(),
    time: AccessLogField.contextRequestTimeEpoch(),
    method: AccessLogField.contextHttpMethod(),
    path: AccessLogField.contextPath(),
    route: '$context.routeKey',
    status: AccessLogField.contextStatus(),
    milliseconds: AccessLogField.contextResponseLatency(),
    error: '$context.integrationErrorMessage',
  }),
);

/**
 * The HTTP API: `/v1/admin/…` for callers with IAM credentials, all other paths for every caller. The app itself
 * answers CORS. The API is made before the functions, which need its address, and gets its routes after them.
 */
export class HttpApi extends Construct {
  /** The gateway's own address, without a slash at its end. */
  readonly url: string;
  private readonly api: Api;
  private readonly stage: CfnStage;

  constructor(scope: Construct, id: string, stage: Stage, alarms: Alarms) {
    super(scope, id);
    const api = new Api(this, 'Api', { apiName: `daily-papers-${stage.name}`, createDefaultStage: false });
    const reason = 'Readers are strangers: tokens in the requests are checked by the function.';
    Validations.of(api).acknowledge({ id: 'AwsSolutions-APIG4', reason });

    const logGroup = new LogGroup(this, 'AccessLog', {
      retention: stage.logRetentionDays,
      removalPolicy: stage.keepData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const deployed = new HttpStage(this, 'Stage', {
      httpApi: api,
      autoDeploy: true,
      throttle: { rateLimit: defaultThrottle.rate, burstLimit: defaultThrottle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(logGroup), format: accessLog },
    });
    const domainName = gatewayNameOf(stage);
    if (domainName) {
      const { apiId } = api;
      const mapping = new CfnApiMapping(this, 'Domain', { apiId, domainName, stage: '$default' });
      mapping.node.addDependency(deployed);
    }
    const what = 'The API answered with a server error.';
    alarms.whenAboveZero('server-errors', api.metricServerError(), what, 'The API answers with server errors');
    this.watchSpeed(api, alarms);
    this.watchRefusals(logGroup, stage, alarms);
    this.api = api;
    this.stage = deployed.node.defaultChild as CfnStage;
    this.url = api.apiEndpoint;
  }

  private watchSpeed(api: Api, alarms: Alarms): void {
    const slowest = api.metricLatency({ statistic: 'p99', period: Duration.minutes(5) });
    const limit = { above: slowMilliseconds, periods: 3 };
    const what = `Of a hundred answers of the API, the slowest took over ${slowMilliseconds / 1000} seconds.`;
    alarms.when('slow-answers', slowest, limit, what, 'The API is slow');
  }

  /**
   * The share of 429 answers in the access log, which holds those of the gateway and of the functions. Each answer
   * counts as 0 or 100, so the average is percent. (MiniStack refuses an alarm on a quotient of two metrics.)
   */
  private watchRefusals(logGroup: LogGroup, stage: Stage, alarms: Alarms): void {
    const count = (id: string, comparison: '=' | '!=', metricValue: string) =>
      new MetricFilter(this, id, {
        logGroup,
        filterPattern: FilterPattern.stringValue('$.status', comparison, '429'),
        metricNamespace: metricNamespaceOf(stage),
        metricName: 'RefusedPercent',
        metricValue,
      });
    count('Answers', '!=', '0');
    const percent = count('Refusals', '=', '100').metric({ statistic: 'avg', period: Duration.minutes(30) });
    const what = `Over ${mostRefused} % of the requests were refused, because there were too many.`;
    alarms.when('refusals', percent, { above: mostRefused, periods: 2 }, what, 'Many requests are refused');
  }

  serve(publicApi: IFunction, adminApi: IFunction): void {
    const { api } = this;
    const integration = new HttpLambdaIntegration('Public', publicApi);
    new HttpRoute(api, 'DefaultRoute', { httpApi: api, routeKey: HttpRouteKey.DEFAULT, integration });
    api.addRoutes({
      path: '/v1/admin/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Admin', adminApi),
      authorizer: new HttpIamAuthorizer(),
    });
    for (const key of Object.keys(routeThrottles)) {
      const [method, path = ''] = key.split(' ');
      const routeKey = HttpRouteKey.with(path, method as HttpMethod);
      const route = new HttpRoute(api, key.replaceAll('/', '-'), { httpApi: api, routeKey, integration });
      // AWS refuses a stage with settings for a route that does not exist yet.
      this.stage.node.addDependency(route);
    }
    this.stage.routeSettings = Object.fromEntries(
      Object.entries(routeThrottles).map(([key, { rate, burst }]) => [
        key,
        { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst },
      ]),
    );
  }
}
