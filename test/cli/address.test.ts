import { afterEach, beforeEach, expect, test } from 'vitest';
import { findAddress } from '../../cli/address.ts';
import { describeSystem, lockDataFolder } from '../../cli/data-folder.ts';
import { inFolder } from '../support/folder.ts';
import { shown, startServer } from './server.ts';
import { type } from './terminal.ts';

const line = 'digests show daily-2026-11-23';
const nowhere = 'http://127.0.0.1:1';
let environment: NodeJS.ProcessEnv;
beforeEach(() => {
  environment = { ...process.env };
});
afterEach(() => {
  process.env = environment;
});

test('the system is where DAILY_PAPERS_URL says, unless --url says otherwise', async () => {
  const server = await startServer(() => ({ body: shown({ status: 'paused' }) }));
  process.env.DAILY_PAPERS_URL = `${server.url}/`;
  const { code, out } = await type(line);
  expect(code).toBe(0);
  // Typed in the same shell, it goes to the same system.
  expect(out).toMatch(/npm run admin -- digests resume daily-2026-11-23$/m);
  process.env.DAILY_PAPERS_URL = nowhere;
  expect((await type(line, server.url)).out).toContain(`digests resume daily-2026-11-23 --url ${server.url}`);
  expect(server.requests).toHaveLength(2);
  await server.stop();
});

test.each([
  ['DAILY_PAPERS_URL', 'papers.example.com', undefined],
  ['DAILY_PAPERS_URL', 'ftp://papers.example.com', undefined],
  ['DAILY_PAPERS_URL', 'http://', undefined],
  ['--url', 'localhost:3000', 'localhost:3000'],
  ['--url', '', ''],
])('%s that is "%s" is refused, by its name', async (name, value, typed) => {
  if (typed === undefined) process.env.DAILY_PAPERS_URL = value;
  const { code, out, err } = await type(line, typed);
  expect(err).toContain(`${name} must be an address such as http://127.0.0.1:3000, not "${value}".`);
  expect([code, out]).toEqual([2, '']);
});

test('an error about an address of the variable names the variable', async () => {
  process.env.DAILY_PAPERS_URL = nowhere;
  const { code, err } = await type(line);
  expect(err).toContain(`Nothing answers at ${nowhere} (from DAILY_PAPERS_URL).`);
  expect(code).toBe(1);
  const server = await startServer(() => ({ body: { hello: 'there' } }));
  process.env.DAILY_PAPERS_URL = server.url;
  expect((await type(line)).err).toContain(`What answers at ${server.url} (from DAILY_PAPERS_URL) is not this version`);
  await server.stop();
});

test('else it is npm start on this machine, whatever port it has', () =>
  inFolder(async folder => {
    process.env.DAILY_PAPERS_URL = '';
    const usual = { url: 'http://127.0.0.1:3000' };
    expect(await findAddress(undefined, folder)).toEqual(usual);
    const server = await startServer(() => ({ body: shown() }));
    const unlock = await lockDataFolder(folder, server.port);
    expect(await findAddress(undefined, folder)).toEqual(usual);
    const endpoints = { dynamodb: '', sqs: '', ses: '' };
    describeSystem(folder, { url: server.url, startedAt: 0, endpoints, deadLetterUrls: {}, timerRuns: {} });
    expect(await findAddress(undefined, folder)).toEqual({ url: server.url });
    await server.stop();
    expect(await findAddress(undefined, folder)).toEqual(usual);
    await unlock();
  }));
