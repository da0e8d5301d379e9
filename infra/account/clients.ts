import { ACMClient } from '@aws-sdk/client-acm';
import { ApiGatewayV2Client } from '@aws-sdk/client-apigatewayv2';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { Route53Client } from '@aws-sdk/client-route-53';
import { SESClient } from '@aws-sdk/client-ses';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { cdnRegion } from '../cdn-stack.ts';

export type Clients = ReturnType<typeof createClients>;

/** A client of each AWS service that is asked before a deployment, for the account of the AWS environment. */
export function createClients() {
  const settings = {
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
  };
  const cdn = { ...settings, region: cdnRegion };
  return {
    /** For the region of the CDN's stack and certificate. */
    cdn: { acm: new ACMClient(cdn), cloudFormation: new CloudFormationClient(cdn) },
    acm: new ACMClient(settings),
    apiGateway: new ApiGatewayV2Client(settings),
    cloudFormation: new CloudFormationClient(settings),
    route53: new Route53Client(settings),
    ses: new SESClient(settings),
    sesV2: new SESv2Client(settings),
  };
}
