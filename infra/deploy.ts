import { spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SSMClient } from '@aws-sdk/client-ssm';
import { askAccount } from './account/account.ts';
import { type Clients, createClients } from './account/clients.ts';
import { findStack } from './account/stacks.ts';
import { cdnArguments, checkCdnRegion } from './cdn-deployment.ts';
import { dnsList } from './dns.ts';
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
import {
  cdnStackNameOf,
  domainStackOf,
  isSetting,
  keysParameterOf,
  readStage,
  type Stage,
  sentenceOf,
} from './stages.ts';

const usage = `npm run deploy -- --stage NAME [-c SETTING=VALUE ...] [any option of cdk deploy]
npm run deploy:emulator

Settings: see infra/stages.ts. They stand in cdk.json under context.stages.NAME or are given with -c.
Account and region: AWS_PROFILE and AWS_REGION, or any other way the AWS SDK knows.`;

interface Options {
  emulator: boolean;
  stage: string | undefined;
  /** Settings given as `-c name=value`. */
  given: Map<string, string>;
  /** Arguments passed on to `cdk deploy`. */
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

/** The region to deploy to. The CDK gets the same. @throws Error when the environment names none */
async function findRegion(): Promise<string> {
  const client = new SSMClient({});
  try {
    const region = await client.config.region();
    process.env.AWS_REGION = region;
    return region;
  } catch (error) {
    throw new Error(`${(error as Error).message}. ${howToSayWhere}`);
  } finally {
    client.destroy();
  }
}

const howToSayWhere = 'Say where to deploy with AWS_PROFILE and AWS_REGION.';

/** Makes the key ring if there is none. @returns the ring's version */
async function placeKeys(parameter: string): Promise<string> {
  const ssm = new SSMClient({});
  try {
    if (await ensureKeyRing(ssm, parameter)) console.log(`The key ring was made: SSM parameter ${parameter}.`);
    return await keyRingVersion(ssm, parameter);
  } catch (error) {
    throw new Error(`The key ring could not be looked for in AWS: ${(error as Error).message}. ${howToSayWhere}`);
  }
}

/** @throws Error with each name that is no setting: a misspelt setting would change nothing */
function checkNames(given: Map<string, string>): void {
  // Names with a colon or a slash are the CDK's own.
  const wrong = [...given.keys()].filter(name => !isSetting(name) && !/[:/]/.test(name));
  if (wrong.includes('stage')) throw new Error('Name the stage with --stage.');
  if (wrong.length > 0) throw new Error(`There is no such setting: ${wrong.join(', ')}. All are in infra/stages.ts.`);
}

/** @throws Error with each setting for which the account, or DNS, does not let the stage be deployed */
async function checkAccount(stage: Stage, clients: Clients, emulator: boolean): Promise<void> {
  // An emulator's domains are not in DNS.
  const resolver = emulator ? undefined : new Resolver({ timeout: 3_000, tries: 2 });
  const { faults, unasked } = await askAccount(stage, clients, resolver);
  for (const question of unasked) console.warn(`Not checked: ${question}`);
  if (faults.length === 0) return;
  const lines = faults.map(sentenceOf).join('\n');
  throw new Error(`The stage "${stage.name}" was not deployed, and nothing was changed:\n${lines}`);
}

async function deploy(args: string[]): Promise<void> {
  const { emulator, stage: named, given, rest } = parse(args);
  const stageName = named ?? (emulator ? 'dev' : undefined);
  if (!stageName) throw new Error(`Which stage?\n\n${usage}`);
  checkNames(given);

  if (emulator) beginDeployment();
  // Settings are checked before anything changes.
  if (emulator) useEmulator();
  const { context } = JSON.parse(readFileSync(new URL('../cdk.json', import.meta.url), 'utf8'));
  const contextOf = (name: string) => (name === 'stage' ? stageName : (given.get(name) ?? context[name]));
  readStage(contextOf);
  const stage = readStage(contextOf, await findRegion());

  if (emulator) {
    await checkEmulatorIsUp();
    await verifySender(stage.senderAddress);
  }
  const clients = createClients();
  await checkAccount(stage, clients, emulator);
  if (emulator && !(await isBootstrapped())) cdk('bootstrap', 'aws://000000000000/us-east-1');
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
  await printRecords(stage, clients);
  examine(stageName);
}

/** Prints the DNS records that the operator has to enter. */
async function printRecords(stage: Stage, { cloudFormation, cdn }: Clients): Promise<void> {
  const domains = await findStack(cloudFormation, domainStackOf(stage));
  const front = stage.cdn ? await findStack(cdn.cloudFormation, cdnStackNameOf(stage)) : undefined;
  const list = dnsList([...(domains?.Outputs ?? []), ...(front?.Outputs ?? [])]);
  if (list) console.log(`\n${list}`);
}

/**
 * Runs the doctor. Its findings are no fault of the deployment: a new account is in the sandbox of SES, for example.
 */
function examine(stageName: string): void {
  console.log();
  const doctor = fileURLToPath(new URL('../doctor/doctor.ts', import.meta.url));
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', doctor, '--stage', stageName], {
    stdio: 'inherit',
  });
  if (status !== 0) console.log(`The stage is deployed. Look again with: npm run doctor -- --stage ${stageName}`);
}

await deploy(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
