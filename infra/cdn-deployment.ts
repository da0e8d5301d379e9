import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { cdnSecretOf, parseKeyRing } from '../shared/subscribers/keys.ts';
import { cdnRegion, cdnSecretParameter } from './cdn-stack.ts';
import { cdnStackNameOf, keysParameterOf, type Stage } from './stages.ts';

/** @throws Error that says what to do, when the CDK can't deploy to the CDN's region yet */
export async function checkCdnRegion(): Promise<void> {
  try {
    // The parameter that the CDK's bootstrapping leaves.
    const mark = new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' });
    await new SSMClient({ region: cdnRegion }).send(mark);
  } catch (error) {
    if (!(error instanceof ParameterNotFound)) throw error;
    throw new Error(
      `cdn: its stack goes to ${cdnRegion}, which is not prepared. Run: npx cdk bootstrap aws://ACCOUNT/${cdnRegion}`,
    );
  }
}

/**
 * The arguments of `cdk deploy` for a stage's CDN: the secret that the CDN sends to the public API.
 * @param ssm of the stage's region, which has the key ring
 */
export async function cdnArguments(ssm: SSMClient, stage: Stage): Promise<string[]> {
  const asked = new GetParameterCommand({ Name: keysParameterOf(stage), WithDecryption: true });
  const { Parameter: stored } = await ssm.send(asked);
  const secret = cdnSecretOf(parseKeyRing(stored?.Value ?? ''));
  return ['--parameters', `${cdnStackNameOf(stage)}:${cdnSecretParameter}=${secret}`];
}
