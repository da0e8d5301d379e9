import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createKeyRing } from '../../../../shared/subscribers/keys.ts';
import { signToken, tokenLifetimes } from '../../../../shared/subscribers/tokens.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

const path = '/v1/subscriptions/me';
const grantFor = (subscriberId: string) => ({ purpose: 'manage' as const, subscriberId, nonce: '0' });
const get = (authorization?: string) => api.app.request(path, { headers: authorization ? { authorization } : {} });

async function reader(name: string) {
  const stored = readerOf(api.keys, `${name}@example.org`);
  await api.subscribers.put(stored);
  return { id: stored.id, token: signToken(api.keys, grantFor(stored.id), api.clock.now) };
}

describe('my subscription', () => {
  test('is given to a reader with a manage token, however the scheme is spelt', async () => {
    const { token } = await reader('me');
    for (const scheme of ['Bearer', 'bearer']) {
      const answer = await get(`${scheme} ${token}`);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({
        email: 'me@example.org',
        status: 'active',
        preferences: { frequency: 'daily', sendHour: 7 },
      });
    }
  });

  test('without a token is refused with a challenge', async () => {
    for (const authorization of [undefined, 'Basic abc', 'Bearer', 'Bearer a b']) {
      const answer = await get(authorization);
      expect([authorization, answer.status, answer.headers.get('www-authenticate')]).toEqual([
        authorization,
        401,
        'Bearer',
      ]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
    }
  });

  test('gives every bad token the same answer', async () => {
    const { id, token } = await reader('other');
    const { now } = api.clock;
    const bodies = new Set<string>();
    for (const bad of [
      'nonsense',
      token.slice(0, -1),
      signToken(api.keys, { ...grantFor(id), purpose: 'unsubscribe' }, now),
      signToken(api.keys, { ...grantFor(id), purpose: 'confirm' }, now),
      signToken(api.keys, grantFor(id), now - tokenLifetimes.manage),
      signToken(createKeyRing(), grantFor(id), now),
      signToken(api.keys, grantFor('A'.repeat(43)), now),
    ]) {
      const answer = await get(`Bearer ${bad}`);
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
      bodies.add(await answer.text());
    }
    expect(bodies.size).toBe(1);
  });
});

test('the OpenAPI document says which routes need which bearer token', async () => {
  const document = (await (await api.app.request('/openapi.json')).json()) as {
    paths: Record<string, Record<string, { security?: object[] }>>;
    components: { securitySchemes: object };
  };
  expect(document.paths[path]?.get?.security).toEqual([{ manage: [] }]);
  expect(document.paths['/v1/subscriptions']?.post?.security).toBeUndefined();
  expect(document.components.securitySchemes).toMatchObject({ manage: { type: 'http', scheme: 'bearer' } });
});
