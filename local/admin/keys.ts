import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { type KeyRing, parseKeyRing, rotateKeys } from '../../shared/subscribers/keys.ts';
import { CommandError } from '../cli.ts';
import { dataPaths } from '../data-folder.ts';
import { type Command, defineCommand } from './command.ts';

/**
 * When a new key begins to sign on AWS, milliseconds after it was made. Lambda ends instances every few hours ("Understanding
 * the Lambda execution environment lifecycle"): by then, none is left that has read the ring before and would refuse it.
 */
const spread = 24 * 3_600_000;

/** Where `npm start` keeps its data. */
const ownFolder = fileURLToPath(new URL('../../.local', import.meta.url));

const rotate = defineCommand({
  name: 'keys rotate',
  summary: 'sign links with a new key from now on (on AWS: from tomorrow on); mailed links keep working',
  input: z.object({ parameter: z.string().startsWith('/').optional(), data: z.string().default(ownFolder) }),
  options: { parameter: '/daily-papers/STAGE/keys', data: '.local' },
  async run({ show }, { parameter, data }) {
    const now = Date.now();
    const from = parameter ? now + spread : now;
    const ring = parameter ? await rotateParameter(parameter, now, from) : await rotateFile(data, now, from);
    const id = ring.next?.id ?? ring.current;
    const keys = Object.keys(ring.signing);
    show(
      { key: id, signsFrom: new Date(from).toISOString(), keys },
      parameter
        ? `${id} signs links from ${new Date(from).toISOString()} on.`
        : `${id} signs links now. A system that is running goes on with the key before until it is started again.`,
      `Links that were signed with ${keys.filter(other => other !== id).join(', ')} keep working.`,
    );
  },
});

/** Every command about the keys. */
export const keyCommands: readonly Command[] = [rotate];

async function rotateFile(folder: string, now: number, from: number): Promise<KeyRing> {
  const path = dataPaths(folder).keys;
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CommandError(`There are no keys in ${folder}. \`npm start\` makes them; on AWS, name their --parameter.`);
  });
  const ring = rotated(text, now, from);
  // Renamed into place: whoever reads in the meantime gets one ring or the other, and a crash loses neither.
  await writeFile(`${path}.new`, JSON.stringify(ring), { mode: 0o600 });
  await rename(`${path}.new`, path);
  return ring;
}

async function rotateParameter(name: string, now: number, from: number): Promise<KeyRing> {
  const ssm = new SSMClient({});
  try {
    const { Parameter: stored } = await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }));
    const ring = rotated(stored?.Value ?? '', now, from);
    // SSM keeps the version before, too.
    await ssm.send(
      new PutParameterCommand({ Name: name, Type: 'SecureString', Value: JSON.stringify(ring), Overwrite: true }),
    );
    return ring;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `The keys in ${name} could not be rotated: ${(error as Error).message} Is this the parameter of the stage, and are ` +
        'your AWS credentials and region set?',
    );
  } finally {
    ssm.destroy();
  }
}

function rotated(text: string, now: number, from: number): KeyRing {
  try {
    return rotateKeys(parseKeyRing(text), now, from);
  } catch (error) {
    throw new CommandError((error as Error).message);
  }
}
