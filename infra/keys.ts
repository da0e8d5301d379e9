import { GetParameterCommand, ParameterAlreadyExists, PutParameterCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { createKeyRing } from '../shared/subscribers/keys.ts';

/**
 * Makes a stage's key ring, unless there is one. It never overwrites a ring: with another identity key, no subscriber
 * would be found any more.
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

/** The ring's version, which counts its writes. Functions that get a new number start anew, and read the ring again. */
export async function keyRingVersion(ssm: SSMClient, parameter: string): Promise<string> {
  const { Parameter: stored } = await ssm.send(new GetParameterCommand({ Name: parameter }));
  return String(stored?.Version ?? '');
}
