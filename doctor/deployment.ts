import {
  type CloudFormationClient,
  paginateDescribeStacks,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { CommandError } from '../cli/command-line.ts';
import type { FunctionName } from '../shared/platform/resources.ts';
import type { Clients } from './clients.ts';

/** One resource of the stage's stacks. */
export interface Resource {
  type: string;
  logicalId: string;
  physicalId: string;
}

/** A stage as CloudFormation knows it. */
export interface Deployment {
  /** `daily-papers-production` */
  name: string;
  account: string;
  region: string;
  /** Whether it is in MiniStack, where no other stage is. Answers that MiniStack makes up count as unknown. */
  isEmulated: boolean;
  stacks: { name: string; status: string }[];
  /** Names of the other deployments in the same account and region. */
  others: string[];
  resources: Resource[];
  /** The environment of a function of this deployment, or of another one. */
  environmentOf(functionName: FunctionName, deployment?: string): Promise<Record<string, string>>;
}

const emulatedAccount = '000000000000';
/** `daily-papers-STAGE-data`, `-service` and so on. A stage's name may hold hyphens, the last word has none. */
const stackName = /^(daily-papers-[a-z][a-z0-9-]*)-([a-z]+)$/;

/**
 * Finds a stage in the account and region of the AWS environment.
 * @throws CommandError with the remedy: no region, no credentials, no such stage here
 */
export async function findDeployment({ cloudFormation, lambda }: Clients, stage: string): Promise<Deployment> {
  const region = await orCommandError(cloudFormation.config.region());
  const found = await orCommandError(listStacks(cloudFormation), region);
  const name = `daily-papers-${stage}`;
  const stacks = found.filter(stack => stack.deployment === name);
  const deployments = found.filter(stack => stack.part === 'service').map(stack => stack.deployment);
  const service = stacks.find(stack => stack.part === 'service');
  if (!service) throw new CommandError(noSuchStage(stage, deployments, region));

  const resources: Resource[] = [];
  for (const stack of stacks) {
    resources.push(...(await orCommandError(listResources(cloudFormation, stack.name), region)));
  }
  const account = service.id.split(':')[4] ?? '';
  const asked = new Map<string, Promise<Record<string, string>>>();
  return {
    name,
    account,
    region,
    isEmulated: account === emulatedAccount,
    stacks,
    others: deployments.filter(other => other !== name),
    resources,
    environmentOf(functionName, deployment = name) {
      const FunctionName = `${deployment}-${functionName}`;
      const answer =
        asked.get(FunctionName) ??
        lambda
          .send(new GetFunctionConfigurationCommand({ FunctionName }))
          .then(({ Environment }) => Environment?.Variables ?? {});
      asked.set(FunctionName, answer);
      return answer;
    },
  };
}

async function listStacks(client: CloudFormationClient) {
  const stacks: { id: string; name: string; status: string; deployment: string; part: string }[] = [];
  for await (const page of paginateDescribeStacks({ client }, {})) {
    for (const { StackName: name = '', StackId: id = '', StackStatus: status = '' } of page.Stacks ?? []) {
      const [, deployment, part] = stackName.exec(name) ?? [];
      if (deployment && part) stacks.push({ id, name, status, deployment, part });
    }
  }
  return stacks;
}

async function listResources(client: CloudFormationClient, name: string): Promise<Resource[]> {
  const resources: Resource[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: name })) {
    for (const each of page.StackResourceSummaries ?? []) {
      const { ResourceType: type = '', LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '' } = each;
      resources.push({ type, logicalId, physicalId });
    }
  }
  return resources;
}

function noSuchStage(stage: string, deployments: string[], region: string): string {
  const here = deployments.map(name => name.replace('daily-papers-', '')).join(', ');
  return (
    `No stage "${stage}" is deployed in ${region}: ${here ? `there are ${here}` : 'there is none at all'}. ` +
    `Name another stage or region (AWS_REGION), or deploy it: npm run deploy -- --stage ${stage}`
  );
}

/** The answer of CloudFormation, which every check needs. @throws CommandError */
async function orCommandError<T>(answer: Promise<T>, region?: string): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const { name, message } = error as Error;
    if (/credential|token/i.test(`${name} ${message}`)) {
      throw new CommandError(
        `AWS credentials are missing or not valid (${message.split('\n')[0]}): name them by AWS_PROFILE, or by ` +
          'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
      );
    }
    if (!region)
      throw new CommandError('Which region? Say it by AWS_REGION, or by a profile that has one (AWS_PROFILE).');
    throw new CommandError(
      `CloudFormation in ${region} does not say what is deployed (${name}: ${message.split('\n')[0]}). Is this the right ` +
        'region (AWS_REGION), and may your credentials call cloudformation:DescribeStacks and ListStackResources?',
    );
  }
}
