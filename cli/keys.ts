import { readFile, rename, writeFile } from 'node:fs/promises';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import { dropKey, type KeyState, keyStates, rotateKeys } from '../shared/subscribers/key-rotation.ts';
import { type KeyRing, parseKeyRing } from '../shared/subscribers/keys.ts';
import { CommandError } from './command-line.ts';
import { dataPaths, ownFolder } from './data-folder.ts';
import { type AdminCommand, defineCommand } from './define-command.ts';
import { table } from './text.ts';

/**
 * Milliseconds from the making of a key to its first signature on AWS. Lambda ends instances every few hours
 * ("Understanding the Lambda execution environment lifecycle"), so by then no instance is left that read the ring
 * before and would refuse the key.
 */
const spread = 24 * 3_600_000;

/** The place of the ring: an SSM parameter on AWS, the data folder on this machine. */
const place = {
  parameter: z.string().startsWith('/').optional().describe('where the keys are on AWS'),
  data: z.string().default(ownFolder).describe('where npm start keeps its data, if not in .local'),
};
const placeOptions = { parameter: '/daily-papers/STAGE/keys', data: 'FOLDER' };

type Place = { parameter?: string | undefined; data: string };

const timeText = (at: number) => new Date(at).toISOString();
/** The remaining step until the whole system uses a changed ring. */
const restartText = (parameter: string | undefined) =>
  parameter
    ? 'Functions that are running go by the ring of before. Now: npm run deploy -- --stage STAGE, which starts them anew.'
    : 'A system that is running goes by the ring of before until it is started again.';

const list = defineCommand({
  name: 'list',
  summary: 'the keys that sign links: which one signs, which only verify',
  input: z.object(place),
  options: placeOptions,
  async run({ show }, at) {
    const states = [...keyStates(await readRing(at), Date.now())];
    show(
      { keys: states.map(([id, state]) => ({ key: id, ...shown(state) })) },
      ...table(states.map(([id, state]) => [id, wordsOf(state)])),
    );
  },
});

const rotate = defineCommand({
  name: 'rotate',
  summary: 'sign links with a new key (on AWS, from tomorrow on); mailed links keep working',
  input: z.object({ ...place, atOnce: z.boolean().default(false).describe('on AWS, too, from now on') }),
  options: { ...placeOptions, atOnce: '' },
  async run({ show }, { atOnce, ...at }) {
    const now = Date.now();
    const from = at.parameter && !atOnce ? now + spread : now;
    const ring = await changeRing(at, before => rotateKeys(before, now, from));
    const id = ring.next?.id ?? ring.current;
    const keys = Object.keys(ring.signing);
    show(
      { key: id, signsFrom: timeText(from), keys },
      from > now
        ? `${id} signs links from ${timeText(from)} on.`
        : `${id} signs links now. ${restartText(at.parameter)}`,
      `Links that were signed with ${keys.filter(other => other !== id).join(', ')} keep working.`,
    );
  },
});

const drop = defineCommand({
  name: 'drop',
  summary: 'forget a key whose links are all too old, or one that has leaked',
  positionals: ['key'],
  input: z.object({
    ...place,
    key: z.string().describe('its name, as keys list shows it'),
    compromised: z.boolean().default(false).describe('it has leaked: every link that it signed is refused at once'),
  }),
  options: { ...placeOptions, compromised: '' },
  async run({ show }, { key, compromised, ...at }) {
    const ring = await changeRing(at, before => dropKey(before, key, Date.now(), compromised));
    const keys = Object.keys(ring.signing);
    show({ dropped: key, keys }, `Every link that ${key} signed is refused. ${restartText(at.parameter)}`);
  },
});

/** Every command about the keys. */
export const keyCommands: readonly AdminCommand[] = [list, rotate, drop];

function shown(state: KeyState): Record<string, string> {
  if (state.state === 'next') return { state: 'next', from: timeText(state.from) };
  return state.state === 'verifying' && state.until !== undefined
    ? { state: 'verifying', until: timeText(state.until) }
    : { state: state.state };
}

function wordsOf(state: KeyState): string {
  switch (state.state) {
    case 'signing':
      return 'signs links';
    case 'next':
      return `signs links from ${timeText(state.from)} on`;
    case 'verifying':
      return `verifies links that it signed, ${state.until === undefined ? 'for up to 2 years' : `until ${timeText(state.until)}`}`;
    case 'done':
      return 'no link that it signed is good any more: it can be dropped';
  }
}

async function readRing({ parameter, data }: Place): Promise<KeyRing> {
  return parameter
    ? withParameter(parameter, async ssm => parsed(await readParameter(ssm, parameter)))
    : readFolder(data);
}

async function changeRing({ parameter, data }: Place, change: (ring: KeyRing) => KeyRing): Promise<KeyRing> {
  if (!parameter) {
    const ring = orCommandError(change)(await readFolder(data));
    const { keys: path } = dataPaths(data);
    // Renamed into place: a process that reads meanwhile gets one ring or the other, and a crash loses neither.
    await writeFile(`${path}.new`, JSON.stringify(ring), { mode: 0o600 });
    await rename(`${path}.new`, path);
    return ring;
  }
  return withParameter(parameter, async ssm => {
    const ring = orCommandError(change)(parsed(await readParameter(ssm, parameter)));
    // SSM also keeps the version before.
    await ssm.send(
      new PutParameterCommand({ Name: parameter, Type: 'SecureString', Value: JSON.stringify(ring), Overwrite: true }),
    );
    return ring;
  });
}

async function readFolder(folder: string): Promise<KeyRing> {
  const text = await readFile(dataPaths(folder).keys, 'utf8').catch(() => {
    throw new CommandError(`There are no keys in ${folder}. \`npm start\` makes them; on AWS, name their --parameter.`);
  });
  return parsed(text);
}

async function readParameter(ssm: SSMClient, name: string): Promise<string> {
  return (await ssm.send(new GetParameterCommand({ Name: name, WithDecryption: true }))).Parameter?.Value ?? '';
}

/** @throws CommandError when the parameter can't be reached */
export async function withParameter<Result>(name: string, use: (ssm: SSMClient) => Promise<Result>): Promise<Result> {
  const ssm = new SSMClient({});
  try {
    return await use(ssm);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `The keys in ${name} could not be reached: ${(error as Error).message} Is this the parameter of the stage, and are ` +
        'your AWS credentials and region set?',
    );
  } finally {
    ssm.destroy();
  }
}

/** Reads a ring. @throws CommandError with its fault */
export const parsed = orCommandError(parseKeyRing);

/** Turns a refusal by the ring's own rules into an error that the operator can mend. */
function orCommandError<Given>(make: (given: Given) => KeyRing): (given: Given) => KeyRing {
  return given => {
    try {
      return make(given);
    } catch (error) {
      throw new CommandError((error as Error).message);
    }
  };
}
