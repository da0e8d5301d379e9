import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AlreadyExistsException, CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';

/** Where MiniStack listens, unless AWS_ENDPOINT_URL names another place. */
export const emulatorUrl = process.env.AWS_ENDPOINT_URL ?? 'http://localhost:4566';

/** How a person gets a MiniStack that the deployment and its test can work with. */
const howToStart = `No MiniStack answers at ${emulatorUrl}. Start one in another terminal:
  pip install ministack
  SMTP_HOST=127.0.0.1:2525 ministack
(SMTP_HOST is where it hands over captured mails; npm run test:deployed listens there.)
For another port: GATEWAY_PORT=4567 for ministack, and AWS_ENDPOINT_URL=http://localhost:4567 here.`;

/** Where the test serves what sources of papers answer: functions in the emulator ask there, not the world. */
export const sourcesPort = 4520;
const sourcesUrl = `http://127.0.0.1:${sourcesPort}`;

/** Settings that a stage has in the emulator, where it gives none of its own. */
export const emulatorSettings = { huggingFaceUrl: sourcesUrl, arxivUrl: sourcesUrl, arxivFeedUrl: sourcesUrl };

const inOutput = (name: string) => fileURLToPath(new URL(`../cdk.out/${name}`, import.meta.url));

/** What the stacks of the deployment in the emulator say about themselves; only there when all of it went well. */
export const deploymentFile = inOutput('emulator.json');
/** The same for as long as it is being deployed, and after that has failed. */
export const unfinishedFile = inOutput('emulator.unfinished.json');

/** Forgets the deployment of before: should this one fail, nobody may take the old description for it. */
export function beginDeployment(): void {
  mkdirSync(dirname(deploymentFile), { recursive: true });
  rmSync(deploymentFile, { force: true });
  writeFileSync(unfinishedFile, '{}');
}

export function endDeployment(): void {
  renameSync(unfinishedFile, deploymentFile);
}

/** Points this process, and the CDK that it starts, at MiniStack with MiniStack's own account and credentials. */
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

/** @throws Error saying how to start MiniStack when it doesn't answer */
export async function checkEmulatorIsUp(): Promise<void> {
  const health = await fetch(`${emulatorUrl}/_ministack/health`, { signal: AbortSignal.timeout(5000) }).catch(
    () => null,
  );
  if (!health?.ok) throw new Error(howToStart);
}

/** Whether the CDK has put its bucket and roles there: the CDK's own mark of it. */
export async function isBootstrapped(): Promise<boolean> {
  try {
    await new SSMClient({}).send(new GetParameterCommand({ Name: '/cdk-bootstrap/hnb659fds/version' }));
    return true;
  } catch (error) {
    if (error instanceof ParameterNotFound) return false;
    throw error;
  }
}

/** MiniStack takes any address as verified that is asked for, where SES would mail its owner. */
export async function verifySender(address: string): Promise<void> {
  try {
    await new SESv2Client({}).send(new CreateEmailIdentityCommand({ EmailIdentity: address }));
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) throw error;
  }
}
