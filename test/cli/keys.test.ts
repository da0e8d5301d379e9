import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readKeys } from '../../cli/data-folder.ts';
import { close, listen } from '../../local/listen.ts';
import { dropKey, rotateKeys } from '../../shared/subscribers/key-rotation.ts';
import { createKeyRing, parseKeyRing } from '../../shared/subscribers/keys.ts';
import { signToken, type TokenPurpose, tokenLifetimes, verifyToken } from '../../shared/subscribers/tokens.ts';
import { startAws } from '../support/aws-server.ts';
import { inFolder } from '../support/folder.ts';
import { startPublicApi } from '../support/public-api.ts';
import { readerOf } from '../support/readers.ts';
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
    expect(signToken(after, grant, Date.now())).toMatch(/^Mk2\./);
    expect(verifyToken(after, link, 'manage', Date.now()).ok).toBe(true);
    expect((await type(`keys rotate --data ${folder}`, nowhere)).out).toContain('k3 signs links now');
  }));

test('a key is dropped only once no link that it signed can be good, unless it has leaked', () => {
  const now = Date.UTC(2026, 10, 23);
  const first = createKeyRing();
  const ring = rotateKeys(first, now, now + day);
  const unknown = 'There is no key k9: the ring has k1, k2.';
  expect(() => dropKey(ring, 'k9', now, true)).toThrow(unknown);
  expect(() => dropKey(ring, 'k1', now, true)).toThrow('k1 signs links');
  expect(() => dropKey(ring, 'k2', now, true)).toThrow('k2 signs links from');
  const retiredAt = now + day;
  const old = signToken(ring, { ...grant, purpose: 'unsubscribe' }, retiredAt - 1000);
  expect(() => dropKey(ring, 'k2', retiredAt, true)).toThrow('k2 signs links');
  const end = retiredAt + tokenLifetimes.unsubscribe;
  expect(() => dropKey(ring, 'k1', end - 1, false)).toThrow(new Date(end).toISOString());
  expect(dropKey(ring, 'k1', end, false)).toMatchObject({ signing: { k2: ring.signing.k2 }, retired: {} });
  const dropped = dropKey(ring, 'k1', retiredAt, true);
  expect(parseKeyRing(JSON.stringify(dropped)).identity).toBe(ring.identity);
  expect(verifyToken(ring, old, 'unsubscribe', retiredAt).ok).toBe(true);
  expect(verifyToken(dropped, old, 'unsubscribe', retiredAt)).toEqual({ ok: false, reason: 'unknown key' });
  // A ring of before it was noted since when a key signs no more.
  const { retired: _, ...unnoted } = ring;
  expect(() => dropKey(unnoted, 'k1', end, false)).toThrow('for up to 2 years');
  expect(Object.keys(dropKey(unnoted, 'k1', end, true).signing)).toEqual(['k2']);
});

test('a key that has leaked is replaced at once, by the one that waits if there is one', () => {
  const now = Date.UTC(2026, 10, 23);
  const waiting = rotateKeys(createKeyRing(), now, now + day);
  const ring = rotateKeys(waiting, now, now);
  expect(ring).toMatchObject({ current: 'k2', signing: waiting.signing, retired: { k1: now } });
  expect(ring).not.toHaveProperty('next');
});

test('over HTTP: links live through a rotation, and are refused once their key is dropped', () =>
  inFolder(async folder => {
    const api = await startPublicApi();
    try {
      await writeFile(join(folder, 'keys.json'), JSON.stringify(api.keys));
      /** The ring that a function reads when it is started anew. */
      const restart = async () => {
        const { retired: _, ...ring } = parseKeyRing(await readFile(join(folder, 'keys.json'), 'utf8'));
        Object.assign(api.keys, ring);
      };
      const reader = readerOf(api.keys, 'reader@example.org');
      await api.subscribers.put(reader);
      const link = (purpose: TokenPurpose) =>
        signToken(api.keys, { purpose, subscriberId: reader.id, nonce: '0' }, api.clock.now);
      const statusesOf = async (of: { leave: string; prefer: string; manage: string }) => {
        const post = { method: 'POST' };
        const headers = { authorization: `Bearer ${of.manage}` };
        const answers = [
          await api.app.request(`/preferences?token=${of.prefer}`),
          await api.app.request('/v1/subscriptions/me', { headers }),
          await api.app.request(`/subscriptions/unsubscribe?token=${of.leave}`, post),
        ];
        return answers.map(({ status }) => status);
      };
      const links = () => ({ leave: link('unsubscribe'), prefer: link('preferences'), manage: link('manage') });
      const old = links();
      expect((await type(`keys rotate --data ${folder}`, nowhere)).code).toBe(0);
      await restart();
      expect(await statusesOf(old)).toEqual([200, 200, 200]);
      const { out } = await type(`keys list --data ${folder}`, nowhere);
      expect(out).toMatch(/^k1 +verifies links that it signed, until 20\d\d-.*\nk2 +signs links\n$/);

      const refused = await type(`keys drop k1 --data ${folder}`, nowhere);
      expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('--compromised')]);
      for (const words of ['k2 --compromised', 'k9', 'k9 --compromised']) {
        expect([words, (await type(`keys drop ${words} --data ${folder}`, nowhere)).code]).toEqual([words, 1]);
      }
      await restart();
      expect(await statusesOf(old)).toEqual([200, 200, 200]);

      const done = await type(`keys drop k1 --compromised --data ${folder}`, nowhere);
      expect([done.code, done.out]).toEqual([0, expect.stringContaining('Every link that k1 signed is refused')]);
      await restart();
      expect(await statusesOf(old)).toEqual([400, 401, 400]);
      expect(await statusesOf(links())).toEqual([200, 200, 200]);
    } finally {
      await api.stop();
    }
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
    // For a day, a process that still has the ring of before must understand all that is signed.
    expect(verifyToken(before, signToken(after, grant, now), 'manage', now).ok).toBe(true);
    expect(signToken(after, grant, now + day)).toMatch(/^Mk2\./);
    const again = await type(`keys rotate --parameter ${name}`, nowhere);
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('A rotation is under way')]);
    expect(parseKeyRing(stored.get(name) ?? '')).toEqual(after);
    expect((await type(`keys list --parameter ${name}`, nowhere)).out).toMatch(
      /^k1 +signs links\nk2 +signs links from /,
    );
    const dropped = await type(`keys drop k1 --parameter ${name}`, nowhere);
    expect([dropped.code, dropped.err]).toEqual([1, expect.stringContaining('k1 signs links')]);
    const later = rotateKeys(after, now + 2 * day, now + 3 * day);
    expect(later).toMatchObject({ current: 'k2', next: { id: 'k3' } });
    expect(Object.keys(later.signing)).toEqual(['k1', 'k2', 'k3']);
  } finally {
    delete process.env.AWS_ENDPOINT_URL_SSM;
    await close(server);
  }
});

test('a copy of the ring on AWS is noted once it was compared with it, by the version', () =>
  inFolder(async folder => {
    const name = '/daily-papers/test/keys';
    const ring = createKeyRing();
    const tags: Record<string, string> = {};
    const aws = await startAws({
      GetParameter: () => ({ Parameter: { Name: name, Version: 4, Value: JSON.stringify(ring) } }),
      AddTagsToResource: ({ Tags }) => {
        for (const { Key, Value } of Tags as { Key: string; Value: string }[]) tags[Key] = Value;
        return {};
      },
    });
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_SSM: aws.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
    const copy = join(folder, 'copy');
    const note = () => type(`keys backed-up ${copy} --parameter ${name}`, nowhere);
    try {
      expect(await note()).toMatchObject({ code: 1, err: expect.stringContaining("can't be read") });
      await writeFile(copy, '{}');
      expect(await note()).toMatchObject({ code: 1, err: expect.stringContaining('no copy of a key ring') });
      await writeFile(copy, JSON.stringify(createKeyRing()));
      const other = await note();
      expect(other).toMatchObject({ code: 1, err: expect.stringContaining('is not the key ring') });
      expect(other.err).not.toContain(ring.identity);
      expect(tags).toEqual({});
      await writeFile(copy, JSON.stringify(ring, null, 2));
      const { code, out } = await note();
      expect([code, out]).toEqual([0, `Noted: there is a copy of ${name}, version 4.\n`]);
      expect(tags).toEqual({ 'backed-up-version': '4', 'backed-up-at': expect.stringMatching(/^20\d\d-/) });
      expect((await type(`keys backed-up ${copy}`, nowhere)).code).toBe(2);
    } finally {
      delete process.env.AWS_ENDPOINT_URL_SSM;
      await aws.stop();
    }
  }));
