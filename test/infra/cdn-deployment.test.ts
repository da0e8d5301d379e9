import { readFileSync } from 'node:fs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cdnArguments, checkCdnRegion } from '../../infra/cdn-deployment.ts';
import { readStage } from '../../infra/stages.ts';
import { cdnSecretOf, createKeyRing } from '../../shared/subscribers/keys.ts';
import { AwsError, startAws } from '../support/aws-server.ts';
import { clientOptions } from '../support/clients.ts';
import { synthesise } from './synthesis.ts';

/* The steps that `npm run deploy` takes for a CDN before the CDK runs. */

const { cdn } = synthesise({
  domainName: 'papers.home.arpa',
  hostedZoneId: 'Z0123456789',
  cdn: true,
  publicUrl: undefined,
});
const ring = createKeyRing();
const stored: Record<string, string> = { '/daily-papers/prod/keys': JSON.stringify(ring) };
let aws: Awaited<ReturnType<typeof startAws>>;
beforeAll(async () => {
  aws = await startAws({
    GetParameter: ({ Name }) => {
      const Value = stored[String(Name)];
      return Value ? { Parameter: { Value } } : new AwsError('ParameterNotFound');
    },
  });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SSM: aws.endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(() => aws.stop());

test('the stack is told the secret that the function expects, by a parameter that CloudFormation shows to nobody', async () => {
  const context = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8')).context;
  const stage = { ...readStage(name => context[name]), name: 'prod' };
  const [option, given = ''] = await cdnArguments(new SSMClient({ ...clientOptions, endpoint: aws.endpoint }), stage);
  const [, stack, parameter = '', secret] = /^([^:]+):([^=]+)=(.+)$/.exec(given) ?? [];
  expect([option, stack, secret]).toEqual(['--parameters', 'daily-papers-prod-cdn', cdnSecretOf(ring)]);
  expect(cdn?.toJSON().Parameters[parameter]).toMatchObject({ NoEcho: true });
});

test('a region of CloudFront that the CDK has not prepared is said before anything is changed', async () => {
  await expect(checkCdnRegion()).rejects.toThrow(/us-east-1, which is not prepared\. Run: npx cdk bootstrap/);
  stored['/cdk-bootstrap/hnb659fds/version'] = '21';
  await expect(checkCdnRegion()).resolves.toBeUndefined();
});
