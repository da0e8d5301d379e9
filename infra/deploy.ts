import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SSMClient } from '@aws-sdk/client-ssm';
import { cdnArguments, checkCdnRegion } from './cdn-deployment.ts';
import {
  beginDeployment,
  checkEmulatorIsUp,
  emulatorSettings,
  endDeployment,
  isBootstrapped,
  unfinishedFile,
  useEmulator,
  verifySender,
} from './emulator.ts';
import { ensureKeyRing, keyRingVersion } from './keys.ts';
import { keysParameterOf, readStage } from './stages.ts';

const usage = `npm run deploy -- --stage NAME [-c SETTING=VALUE ...] [any option of cdk deploy]
npm run deploy:emulator

Settings: see infra/stages.ts. They stand in cdk.json under context.stages.NAME or are given with -c.
Account and region: AWS_PROFILE and AWS_REGION, or any other way the AWS SDK knows.`;

interface Options {
  emulator: boolean;
  stage: string | undefined;
  /** Settings given as `-c name=value`. */
  given: Map<string, string>;
  /** Handed on to `cdk deploy`. */
  rest: string[];
}

function parse(args: string[]): Options {
  const options: Options = { emulator: false, stage: undefined, given: new Map(), rest: [] };
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? '';
    if (arg === '--emulator') options.emulator = true;
    else if (arg === '--stage') options.stage = args[++at];
    else {
      options.rest.push(arg);
      if (arg !== '-c' && arg !== '--context') continue;
      const pair = args[++at] ?? '';
      options.rest.push(pair);
      const [name = '', ...value] = pair.split('=');
      options.given.set(name, value.join('='));
    }
  }
  return options;
}

function cdk(...args: string[]): void {
  const command = fileURLToPath(import.meta.resolve('aws-cdk/bin/cdk'));
  const { status } = spawnSync(process.execPath, [command, '--no-notices', ...args], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Makes the key ring where there is none, and holds the CDK to the region it is in. @returns the ring's version */
async function placeKeys(parameter: string): Promise<string> {
  const ssm = new SSMClient({});
  try {
    process.env.AWS_REGION = await ssm.config.region();
    if (await ensureKeyRing(ssm, parameter)) console.log(`The key ring was made: SSM parameter ${parameter}.`);
    return await keyRingVersion(ssm, parameter);
  } catch (error) {
    const where = 'Say where to deploy with AWS_PROFILE and AWS_REGION.';
    throw new Error(`The key ring could not be looked for in AWS: ${(error as Error).message}. ${where}`);
  }
}

async function deploy(args: string[]): Promise<void> {
  const { emulator, stage: named, given, rest } = parse(args);
  const stageName = named ?? (emulator ? 'dev' : undefined);
  if (!stageName) throw new Error(`Which stage?\n\n${usage}`);

  if (emulator) beginDeployment();
  // The settings are checked before anything is touched.
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const stage = readStage(name => (name === 'stage' ? stageName : (given.get(name) ?? context[name])));

  if (emulator) {
    useEmulator();
    await checkEmulatorIsUp();
    await verifySender(stage.senderAddress);
    if (!(await isBootstrapped())) cdk('bootstrap', 'aws://000000000000/us-east-1');
  }
  if (stage.cdn) await checkCdnRegion();
  const keysVersion = await placeKeys(keysParameterOf(stage));

  const here = emulator ? ['--require-approval', 'never', '--outputs-file', unfinishedFile] : [];
  for (const [name, value] of Object.entries(emulator ? emulatorSettings : {})) {
    if (stage[name as keyof typeof emulatorSettings] === undefined) here.push('-c', `${name}=${value}`);
  }
  const told = ['-c', `stage=${stageName}`, '-c', `keysVersion=${keysVersion}`];
  const parameters = stage.cdn ? await cdnArguments(new SSMClient({}), stage) : [];
  cdk('deploy', '--all', ...told, ...parameters, ...here, ...rest);
  if (emulator) endDeployment();
  examine(stageName);
}

/** Says how the stage stands. What it finds is no fault of the deployment: a new account is in the sandbox of SES, for one. */
function examine(stageName: string): void {
  console.log();
  const doctor = fileURLToPath(new URL('../doctor/doctor.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', doctor, '--stage', stageName], {
    stdio: 'inherit',
  });
  if (status !== 0) console.log(`The stage is deployed. Look again with: npm run doctor -- --stage ${stageName}`);
}

deploy(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
