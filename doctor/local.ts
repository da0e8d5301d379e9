import { readFile, stat } from 'node:fs/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError } from '../cli/command-line.ts';
import { dataPaths, findSystem, type RunningSystem } from '../cli/data-folder.ts';
import { tableName } from '../local/tables.ts';
import { longestPause } from '../shared/platform/cron.ts';
import { readSettings } from '../shared/platform/environment.ts';
import { schedules } from '../shared/platform/resources.ts';
import { parseKeyRing } from '../shared/subscribers/keys.ts';
import { askHealth, findCertificate, judgeHealth } from './address.ts';
import { type Check, type Finding, failed, ok, unknown, warning } from './check.ts';
import { clientSettings } from './clients.ts';
import { countDeadLetters, judgeDeadLetters } from './dead-letters.ts';
import { questions } from './questions.ts';
import { judgeQuota, readAllowed } from './quota.ts';
import { countReaders } from './readers.ts';
import { judgeTimer, silence } from './timers.ts';

/** @throws CommandError when no running system uses the folder */
export async function findLocalSystem(folder: string): Promise<RunningSystem> {
  const system = await findSystem(folder);
  if (system) return system;
  throw new CommandError(
    `No system runs on this machine with its data in ${folder}. Start it with npm start, or name a deployed stage: ` +
      'npm run doctor -- --stage NAME',
  );
}

/** Checks that only AWS can answer. The local system has nothing to check in their place. */
const ofAwsAlone = [
  ['Mail identity', 'identity', questions.identity],
  ['Mail identity', 'dkim', questions.dkim],
  ['Mail identity', 'mail-from', questions.mailFrom],
  // Mails stay on this machine, so DNS is not asked for the sender's domain.
  ['Mail identity', 'dmarc', questions.dmarc],
  ['Sending', 'sandbox', questions.sandbox],
  ['Sending', 'concurrency', questions.concurrency],
  ['Alarms', 'alarm-address', questions.alarmAddress],
  ['Key ring', 'key-backup', questions.keyBackup],
] as const;

/** Every check of the local system. */
export function localChecks(system: RunningSystem, folder: string, now: number): { checks: Check[]; end: () => void } {
  const { url, endpoints, deadLetterUrls } = system;
  const settings = {
    ...clientSettings,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  const ses = new SESClient({ ...settings, endpoint: endpoints.ses });
  const dynamoDB = new DynamoDBClient({ ...settings, endpoint: endpoints.dynamodb });
  const sqs = new SQSClient({ ...settings, endpoint: endpoints.sqs });
  const unknowns = ofAwsAlone.map(([group, name, asks]): Check => {
    const finding = unknown(`On this machine, nothing knows ${asks}.`);
    return { group, name, asks, find: async () => finding };
  });
  const quota = async () => {
    const { CONFIRMATION_SHARE: share } = readSettings(['CONFIRMATION_SHARE'], {});
    const [allowed, { due, isEstimate }] = await Promise.all([
      readAllowed(ses, share, 1),
      countReaders(dynamoDB, tableName('Subscribers'), now),
    ]);
    return judgeQuota(allowed, due, isEstimate);
  };
  const deadLetters = async () => {
    const queues = Object.entries(deadLetterUrls).map(([name, queue]) => ({
      name: `${name} dead letters`,
      url: queue,
    }));
    return judgeDeadLetters(await countDeadLetters(sqs, queues));
  };
  const health = async () => judgeHealth(url, 'daily-papers', await askHealth(url));
  const certificate = async () => findCertificate(url, now);
  return {
    checks: [
      ...unknowns,
      { group: 'Sending', name: 'quota', asks: questions.quota, find: quota },
      { group: 'Public address', name: 'health', asks: questions.health, find: health },
      { group: 'Public address', name: 'certificate', asks: questions.certificate, find: certificate },
      ...timerChecks(system, now),
      { group: 'Key ring', name: 'key-ring', asks: questions.keyRing, find: async () => findKeyRing(folder) },
      { group: 'Dead letters', name: 'dead-letters', asks: questions.deadLetters, find: deadLetters },
    ],
    end() {
      for (const client of [ses, dynamoDB, sqs]) client.destroy();
    },
  };
}

function timerChecks({ startedAt, timerRuns }: RunningSystem, now: number): Check[] {
  return schedules.map(({ target: name, cron, timeZone }) => {
    const every = longestPause(cron, timeZone);
    const wellAt = timerRuns[name];
    const isRecent = wellAt !== undefined && now - wellAt < silence(every);
    const state = { isEnabled: true, every, changedAt: startedAt, ...(isRecent && { wellAt }) };
    const find = async () => judgeTimer(name, state, false, now);
    return { group: 'Timers', name: `timer-${name}`, asks: `whether the timer of ${name} runs`, find };
  });
}

async function findKeyRing(folder: string): Promise<Finding> {
  const { keys: path } = dataPaths(folder);
  try {
    parseKeyRing(await readFile(path, 'utf8'));
    const { mode } = await stat(path);
    if ((mode & 0o077) === 0) return ok(`The key ring is there: ${path}.`);
    return warning(`Other users of this machine can read the key ring, ${path}.`, `chmod 600 ${path}`);
  } catch (error) {
    return failed(
      `The key ring can not be read: ${(error as Error).message}`,
      `Put a copy of ${path} back; npm start -- --reset makes a new one, and forgets every subscriber.`,
    );
  }
}
