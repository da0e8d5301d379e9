import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeyRing } from '../shared/subscribers/keys.ts';

/** Another running system uses the data folder. */
export class DataInUseError extends Error {
  override name = 'DataInUseError';
}

/** The data is of a version whose tables had other indexes. */
export class OldTablesError extends Error {
  override name = 'OldTablesError';

  constructor(table: string) {
    super(`The table ${table} was made by an older version, which kept it in another way.`);
  }
}

/** The data folder of `npm start`, unless another one is named. */
export const ownFolder = fileURLToPath(new URL('../.local', import.meta.url));

/** The paths in a system's data folder. */
export function dataPaths(folder: string) {
  return {
    database: join(folder, 'dynamodb'),
    mails: join(folder, 'mails'),
    keys: join(folder, 'keys.json'),
    functionLog: join(folder, 'functions.log'),
    lock: join(folder, 'lock.json'),
  };
}

interface Lock {
  pid: number;
  /** The port of the system that holds the folder. */
  port: number;
  /** Set once the system is up. */
  system?: RunningSystem;
}

/** The facts that a running system tells other processes on this machine. */
export interface RunningSystem {
  url: string;
  /** Epoch ms. */
  startedAt: number;
  /** The addresses of its emulators. */
  endpoints: { dynamodb: string; sqs: string; ses: string };
  /** Addresses of the dead-letter queues, by the queue. */
  deadLetterUrls: Record<string, string>;
  /** By function, the end (epoch ms) of the last run of its timer that went well. */
  timerRuns: Record<string, number>;
}

/**
 * Locks the folder for this process, so that no two systems write the same data.
 * @param port on which this system listens already
 * @returns a function that unlocks it
 * @throws DataInUseError
 */
export async function lockDataFolder(folder: string, port: number): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const path = dataPaths(folder).lock;
  const lock: Lock = { pid: process.pid, port };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await writeFile(path, JSON.stringify(lock), { flag: 'wx' });
      return () => rm(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await checkDataFolder(folder);
    if (attempt > 3) throw new DataInUseError(`The data in ${folder} is being opened by another system.`);
    // Left behind by a system that was killed.
    await rm(path, { force: true });
  }
}

/** Writes the addresses of this system's emulators into its locked folder. */
export function describeSystem(folder: string, system: RunningSystem): void {
  const path = dataPaths(folder).lock;
  const lock: Lock = { pid: process.pid, port: Number(new URL(system.url).port), system };
  // Written at once: timers that end together each call this.
  writeFileSync(`${path}.new`, JSON.stringify(lock));
  renameSync(`${path}.new`, path);
}

/** The system that uses the folder; undefined when none runs, or it is still starting. */
export async function findSystem(folder: string): Promise<RunningSystem | undefined> {
  const holder = await readLock(dataPaths(folder).lock);
  return holder && (await isRunning(holder)) ? holder.system : undefined;
}

/** @throws DataInUseError when a running system holds the folder */
export async function checkDataFolder(folder: string): Promise<void> {
  const holder = await readLock(dataPaths(folder).lock);
  if (!holder || !(await isRunning(holder))) return;
  throw new DataInUseError(
    `A system that runs already, at http://127.0.0.1:${holder.port}, uses the data in ${folder}.`,
  );
}

async function readLock(path: string): Promise<Lock | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Lock;
  } catch {
    return undefined;
  }
}

/** Whether the process still runs. Its id alone proves nothing: after a restart another process may have it. */
async function isRunning({ pid, port }: Lock): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    const end = (running: boolean) => {
      socket.destroy();
      resolve(running);
    };
    socket.once('connect', () => end(true)).once('error', () => end(false));
  });
}

/** Deletes all data of a system. */
export async function resetDataFolder(folder: string): Promise<void> {
  const { database, mails, keys, functionLog } = dataPaths(folder);
  for (const path of [database, mails, keys, functionLog]) await rm(path, { recursive: true, force: true });
}

/** The key ring of the folder as text, made on its first use. Without a folder, a fresh one. */
export async function readKeys(folder: string | undefined): Promise<string> {
  const fresh = JSON.stringify(createKeyRing());
  if (!folder) return fresh;
  const path = dataPaths(folder).keys;
  try {
    await writeFile(path, fresh, { flag: 'wx', mode: 0o600 });
    return fresh;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return readFile(path, 'utf8');
  }
}
