import {
  type CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';

/** The answer; undefined if CloudFormation says that there is none. */
async function ifThere<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** A deployed stack; undefined if there is none of that name. */
export async function findStack(cloudFormation: CloudFormationClient, name: string): Promise<Stack | undefined> {
  const answer = await ifThere(cloudFormation.send(new DescribeStacksCommand({ StackName: name })));
  return answer?.Stacks?.find(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
}

/** A domain in lower case and without a dot at its end. */
const plain = (id = '') => id.toLowerCase().replace(/\.$/, '');

/** Whether a stack has made a resource. @param id the resource's own name, a domain */
export async function hasMade(
  cloudFormation: CloudFormationClient,
  stackName: string,
  type: string,
  id: string,
): Promise<boolean> {
  const answer = await ifThere(cloudFormation.send(new DescribeStackResourcesCommand({ StackName: stackName })));
  return (answer?.StackResources ?? []).some(
    made =>
      made.ResourceType === type &&
      plain(made.PhysicalResourceId) === plain(id) &&
      made.ResourceStatus !== 'DELETE_COMPLETE',
  );
}

/** The owner of a resource, as the end of a sentence. */
export async function ownerOf(cloudFormation: CloudFormationClient, type: string, id: string): Promise<string> {
  const asked = cloudFormation.send(new DescribeStackResourcesCommand({ PhysicalResourceId: id }));
  const made = (await ifThere(asked))?.StackResources ?? [];
  const owner = made.find(({ ResourceType, PhysicalResourceId }) => ResourceType === type && PhysicalResourceId === id);
  return owner ? `belongs to the stack ${owner.StackName}` : 'was made by hand';
}
