import { GetParameterCommand, ParameterAlreadyExists, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { createKeyRing } from '../shared/subscribers/keys.ts';

/**
 * Makes a stage's key ring, unless there is one: an identity key that was overwritten would turn every subscriber into
 * a stranger, so nothing here can overwrite it.
 * @returns whether a ring was made
 */
export async function ensureKeyRing(ssm: SSMClient, parameter: string): Promise<boolean> {
  try {
    await ssm.send(
      new PutParameterCommand({
        Name: parameter,
        Type: 'SecureString',
        Value: JSON.stringify(createKeyRing()),
        Description:
          'Daily Papers: keys that name subscribers and sign tokens. Never delete: they cannot be made again.',
        Overwrite: false,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ParameterAlreadyExists) return false;
    throw error;
  }
}

/** How often the ring was written: functions that are told another number start anew, and read it. */
export async function keyRingVersion(ssm: SSMClient, parameter: string): Promise<string> {
  const { Parameter: stored } = await ssm.send(new GetParameterCommand({ Name: parameter }));
  return String(stored?.Version ?? '');
}
