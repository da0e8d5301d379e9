import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { AddTagsToResourceCommand, GetParameterCommand } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { keyBackupTags, parseKeyRing } from '../shared/subscribers/keys.ts';
import { CommandError } from './command-line.ts';
import { defineCommand } from './define-command.ts';
import { parsed, withParameter } from './keys.ts';

/** Notes that there is a copy of the key ring, after comparing the copy with the ring. */
export const backedUp = defineCommand({
  name: 'backed-up',
  summary: 'note that there is a copy of the keys on AWS, after comparing it',
  positionals: ['copy'],
  input: z.object({
    copy: z.string().describe('the file with the copy'),
    parameter: z.string().startsWith('/').describe('where the ring is on AWS'),
  }),
  options: { parameter: '/daily-papers/STAGE/keys' },
  async run({ show }, { copy, parameter }) {
    const kept = await readCopy(copy);
    const at = new Date().toISOString();
    const version = await withParameter(parameter, async ssm => {
      const answer = await ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: true }));
      if (!isDeepStrictEqual(kept, parsed(answer.Parameter?.Value ?? ''))) {
        throw new CommandError(
          `${copy} is not the key ring that is in ${parameter} now. Copy it again, as docs/runbook.md says.`,
        );
      }
      const stored = answer.Parameter?.Version ?? 0;
      await ssm.send(
        new AddTagsToResourceCommand({
          ResourceType: 'Parameter',
          ResourceId: parameter,
          Tags: [
            { Key: keyBackupTags.version, Value: String(stored) },
            { Key: keyBackupTags.at, Value: at },
          ],
        }),
      );
      return stored;
    });
    show({ parameter, version, at }, `Noted: there is a copy of ${parameter}, version ${version}.`);
  },
});

async function readCopy(path: string) {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw new CommandError(`The copy can't be read: ${(error as Error).message}`);
  }
  try {
    return parseKeyRing(text);
  } catch (error) {
    throw new CommandError(`${path} is no copy of a key ring. ${(error as Error).message}`);
  }
}
