import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readKeys } from '../../../local/data-folder.ts';
import { close, listen } from '../../../local/listen.ts';
import { createKeyRing, parseKeyRing, rotateKeys } from '../../../shared/subscribers/keys.ts';
import { signToken, verifyToken } from '../../../shared/subscribers/tokens.ts';
import { inFolder } from '../../support/folder.ts';
import { type } from './terminal.ts';

const nowhere = 'http://127.0.0.1:9';
const grant = { purpose: 'manage' as const, subscriberId: 'A'.repeat(43), nonce: '0' };
const day = 86_400_000;

test('on this machine the new key signs at once, and links of the old one keep working', () =>
  inFolder(async folder => {
    expect(await type(`keys rotate --data ${folder}`, nowhere)).toMatchObject({ code: 1 });
    const before = parseKeyRing(await readKeys(folder));
    const link = signToken(before, grant, Date.now());
    const { code, out } = await type(`keys rotate --data ${folder}`, nowhere);
    expect([code, out]).toEqual([0, expect.stringContaining('k2 signs links now')]);
    const after = parseKeyRing(await readFile(join(folder, 'keys.json'), 'utf8'));
    expect(out).not.toContain(after.signing.k2);
    expect((await stat(join(folder, 'keys.json'))).mode & 0o077).toBe(0);
    expect(after).toMatchObject({ identity: before.identity, current: 'k2', signing: before.signing });
    expect(signToken(after, grant, Date.now())).toMatch(/^v1\.k2\./);
    expect(verifyToken(after, link, 'manage', Date.now()).ok).toBe(true);
    expect((await type(`keys rotate --data ${folder}`, nowhere)).out).toContain('k3 signs links now');
  }));

test('on AWS the new key signs once every instance knows it, and meanwhile there is no second rotation', async () => {
  const name = '/daily-papers/test/keys';
  const stored = new Map([[name, JSON.stringify(createKeyRing())]]);
  /** SSM's wire protocol, as far as it is needed. */
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const input = JSON.parse(text) as { Name: string; Value?: string; Overwrite?: boolean };
    if (input.Value !== undefined && input.Overwrite) stored.set(input.Name, input.Value);
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Parameter: { Name: input.Name, Value: stored.get(input.Name) } }));
  });
  const endpoint = await listen(server, 0);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_SSM: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  try {
    const before = parseKeyRing(stored.get(name) ?? '');
    expect((await type(`keys rotate --parameter ${name}`, nowhere)).code).toBe(0);
    const after = parseKeyRing(stored.get(name) ?? '');
    expect(after.identity).toBe(before.identity);
    const now = Date.now();
    // For a day, whoever still has the ring of before must understand what is signed.
    expect(verifyToken(before, signToken(after, grant, now), 'manage', now).ok).toBe(true);
    expect(signToken(after, grant, now + day)).toMatch(/^v1\.k2\./);
    const again = await type(`keys rotate --parameter ${name}`, nowhere);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('A rotation is under way')]);
    expect(parseKeyRing(stored.get(name) ?? '')).toEqual(after);
    const later = rotateKeys(after, now + 2 * day, now + 3 * day);
    expect(later).toMatchObject({ current: 'k2', next: { id: 'k3' } });
    expect(Object.keys(later.signing)).toEqual(['k1', 'k2', 'k3']);
  } finally {
    delete process.env.AWS_ENDPOINT_URL_SSM;
    await close(server);
  }
});
