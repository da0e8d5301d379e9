import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dataPaths, lockDataFolder, readKeys, resetDataFolder } from '../../cli/data-folder.ts';
import { close, listen, PortInUseError } from '../../local/listen.ts';
import { keyRingSchema } from '../../shared/subscribers/keys.ts';
import { inFolder } from '../support/folder.ts';

let server: Server;
let port: number;
beforeAll(async () => {
  server = createServer();
  port = Number(new URL(await listen(server)).port);
});
afterAll(() => close(server));

test('a folder has one system at a time', async () => {
  await inFolder(async folder => {
    const release = await lockDataFolder(folder, port);
    await expect(lockDataFolder(folder, port)).rejects.toThrow(`http://127.0.0.1:${port}`);
    await release();
    await (await lockDataFolder(folder, port))();
  });
});

test('a lock that a killed system has left behind is taken over', async () => {
  await inFolder(async folder => {
    const unused = createServer();
    const freePort = Number(new URL(await listen(unused)).port);
    await close(unused);
    // The process id is alive, but by now it is another process: nothing answers at the port.
    await writeFile(dataPaths(folder).lock, JSON.stringify({ pid: process.pid, port: freePort }));
    await (await lockDataFolder(folder, port))();
    await writeFile(dataPaths(folder).lock, 'torn');
    await (await lockDataFolder(folder, port))();
  });
});

test('the keys are made once, are valid, and for their owner only', async () => {
  await inFolder(async folder => {
    const keys = await readKeys(folder);
    expect(keyRingSchema.safeParse(JSON.parse(keys)).success).toBe(true);
    expect(await readKeys(folder)).toBe(keys);
    expect((await stat(dataPaths(folder).keys)).mode & 0o077).toBe(0);
    expect(await readKeys(undefined)).not.toBe(await readKeys(undefined));
  });
});

test('a reset deletes what the system keeps and nothing else', async () => {
  await inFolder(async folder => {
    await readKeys(folder);
    await mkdir(dataPaths(folder).mails);
    await writeFile(join(dataPaths(folder).mails, 'a.eml'), 'mail');
    await writeFile(join(folder, 'mine.txt'), 'mine');
    await resetDataFolder(folder);
    await expect(readFile(dataPaths(folder).keys)).rejects.toThrow('ENOENT');
    await expect(stat(dataPaths(folder).mails)).rejects.toThrow('ENOENT');
    expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
  });
});

test('a port in use is an error of its own', async () => {
  await expect(listen(createServer(), port)).rejects.toThrow(PortInUseError);
});
