import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalSystem } from '../../../local/system.ts';
import { cdnSecretHeader } from '../../../shared/http/cdn.ts';
import { cdnSecretOf, parseKeyRing } from '../../../shared/subscribers/keys.ts';
import { type HttpResult, httpEvent } from '../../support/http-event.ts';
import { startQuietSystem } from '../../support/local-system.ts';

let system: LocalSystem;
beforeAll(async () => {
  system = await startQuietSystem({ environment: { REQUESTS_PER_NETWORK_HOUR: '2' } });
});
afterAll(() => system.stop());

test('without a CDN networks are limited by what the gateway saw, and no header is believed', async () => {
  const statuses = [];
  for (const times of [1, 2, 3]) {
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-for': `192.0.${times}.1, 203.0.113.7`,
      'cloudfront-viewer-address': `192.0.${times}.1:443`,
      [cdnSecretHeader]: cdnSecretOf(parseKeyRing(process.env.KEYS ?? '')),
    };
    const body = JSON.stringify({ email: `reader-${times}@example.org` });
    const event = httpEvent({ method: 'POST', path: '/v1/subscriptions', headers, body, sourceIp: '203.0.113.7' });
    statuses.push(((await system.invoke('public-api', event)) as HttpResult).statusCode);
  }
  expect(statuses).toEqual([202, 202, 429]);
});
