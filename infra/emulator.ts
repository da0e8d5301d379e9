import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlreadyExistsException, CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';

/** MiniStack's address. AWS_ENDPOINT_URL overrides it. */
export const emulatorUrl = process.env.AWS_ENDPOINT_URL ?? 'http://localhost:4566';

/** How to start a MiniStack for the deployment and its test. */
const howToStart = `No MiniStack answers at ${emulatorUrl}. Start one in another terminal:
  pip install ministack
  SMTP_HOST=127.0.0.1:2525 ministack
(SMTP_HOST is where it hands over captured mails; npm run test:deployed listens there.)
For another port: GATEWAY_PORT=4567 for ministack, and AWS_ENDPOINT_URL=http://localhost:4567 here.`;

/** The port of the test's papers sources, which the functions in the emulator read instead of the real ones. */
export const sourcesPort = 4520;
const sourcesUrl = `http://127.0.0.1:${sourcesPort}`;

/** Settings of a stage in the emulator that it does not give itself. */
export const emulatorSettings = { huggingFaceUrl: sourcesUrl, arxivUrl: sourcesUrl, arxivFeedUrl: sourcesUrl };

const inOutput = (name: string) => fileURLToPath(new URL(`../cdk.out/${name}`, import.meta.url));

/** The stacks' outputs in the emulator. The file exists only after a whole deployment. */
export const deploymentFile = inOutput('emulator.json');
/** The same outputs during a deployment, and after a failed one. */
export const unfinishedFile = inOutput('emulator.unfinished.json');

/** Deletes the outputs of the deployment before, so that they are not taken for this one's if it fails. */
export function beginDeployment(): void {
  mkdirSync(dirname(deploymentFile), { recursive: true });
  rmSync(deploymentFile, { force: true });
  writeFileSync(unfinishedFile, '{}');
}

export function endDeployment(): void {
  renameSync(unfinishedFile, deploymentFile);
}

/** Points this process, and the CDK that it starts, to MiniStack, with MiniStack's account and credentials. */
export function useEmulator(): void {
  const { AWS_PROFILE: _, ...environment } = process.env;
  process.env = {
    ...environment,
    AWS_ENDPOINT_URL: emulatorUrl,
    AWS_ENDPOINT_URL_S3: emulatorUrl,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

/** @throws Error that says how to start MiniStack, when it does not answer */
export async function checkEmulatorIsUp(): Promise<void> {
  const health = await fetch(`${emulatorUrl}/_ministack/health`, { signal: AbortSignal.timeout(5000) }).catch(
    () => null,
  );
  if (!health?.ok) throw new Error(howToStart);
}

/** Whether the CDK's bucket and roles exist, by the parameter that its bootstrapping leaves. */
export async function isBootstrapped(): Promise<boolean> {
  try {
    await new SSMClient({}).send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }));
    return true;
  } catch (error) {
    if (error instanceof ParameterNotFound) return false;
    throw error;
  }
}

/** Verifies an address. MiniStack does so at once, where SES would mail the owner. */
export async function verifySender(address: string): Promise<void> {
  try {
    await new SESv2Client({}).send(new CreateEmailIdentityCommand({ EmailIdentity: address }));
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error;
  }
}
