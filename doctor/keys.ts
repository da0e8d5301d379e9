import {
  DescribeParametersCommand,
  ListTagsForResourceCommand,
  ParameterType,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { keyBackupTags } from '../shared/subscribers/keys.ts';
import { type Finding, failed, ok, warning } from './check.ts';

/** The facts about a stage's key ring that are known without reading it. */
export interface KeyRingState {
  version: number;
  isEncrypted: boolean;
  backedUp?: { version: number; at: string };
}

/** @returns undefined when there is no such parameter */
export async function readKeyRingState(ssm: SSMClient, parameter: string): Promise<KeyRingState | undefined> {
  const filter = { Key: 'Name', Option: 'Equals', Values: [parameter] };
  const { Parameters } = await ssm.send(new DescribeParametersCommand({ ParameterFilters: [filter] }));
  const [found] = Parameters ?? [];
  if (!found) return undefined;
  const { TagList } = await ssm.send(
    new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: parameter }),
  );
  const tags = new Map(TagList?.map(({ Key, Value }) => [Key, Value]));
  const version = tags.get(keyBackupTags.version);
  return {
    version: found.Version ?? 0,
    isEncrypted: found.Type === ParameterType.SECURE_STRING,
    ...(version && { backedUp: { version: Number(version), at: tags.get(keyBackupTags.at) ?? '' } }),
  };
}

/** Whether the functions find their keys. @param deployedVersion the version that they were last started with */
export function judgeKeyRing(parameter: string, state: KeyRingState | undefined, deployedVersion: string): Finding {
  if (!state) {
    return failed(
      `The key ring is gone: there is no SSM parameter ${parameter}. No link works and no subscriber is known without it.`,
      'Put the copy back that you keep where secrets are kept: docs/runbook.md says how. Never make a new one for a stage that has subscribers.',
    );
  }
  if (!state.isEncrypted) {
    return failed(
      `${parameter} is not encrypted.`,
      `Rotate the keys: npm run admin -- keys rotate --parameter ${parameter}`,
    );
  }
  if (deployedVersion && Number(deployedVersion) !== state.version) {
    return warning(
      `The key ring is there in version ${state.version}; running functions may still go by version ${deployedVersion}.`,
      'Deploy the stage again, which starts them anew.',
    );
  }
  return ok(`The key ring is there, in version ${state.version}.`);
}

/** Whether the ring's tags name a copy outside of the account. */
export function judgeKeyBackup(parameter: string, state: KeyRingState | undefined): Finding {
  const todo = `Copy it to where secrets are kept, and have the copy compared: npm run admin -- keys backed-up COPY --parameter ${parameter} (docs/runbook.md).`;
  if (!state)
    return failed(
      'There is no key ring that could be copied.',
      'First put the ring back, from the copy that you keep.',
    );
  const { backedUp, version } = state;
  if (!backedUp)
    return failed('No copy of the key ring is known: if the parameter is lost, every subscriber is.', todo);
  if (backedUp.version !== version) {
    return failed(
      `The copy of the key ring is of version ${backedUp.version}, and the ring was changed since (version ${version}).`,
      todo,
    );
  }
  return ok(`A copy of the key ring was made on ${backedUp.at.slice(0, 10)}.`);
}
