import { afterAll, beforeAll, expect, test } from 'vitest';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

const submit = (fields: Record<string, string>) =>
  api.app.request('/subscriptions', { method: 'POST', body: new URLSearchParams(fields) });

test('a slip of a well-known domain is asked about before a mail goes out', async () => {
  const answer = await submit({ email: 'name@gmial.com', topics: 'agents' });
  expect(answer.status).toBe(400);
  const html = await answer.text();
  expect(html).toContain('Did you mean name@gmail.com?');
  expect(html).toContain('<input type="hidden" name="email" value="name@gmail.com"/>');
  expect(html.match(/name="topics" value="agents"/g)).toHaveLength(2);
  expect(await api.queuedRequests()).toEqual([]);
});

test('either answer subscribes what it says', async () => {
  for (const email of ['name@gmail.com', 'name@gmial.com']) {
    expect((await submit({ email, topics: 'agents', meant: 'yes' })).status).toBe(202);
    const [request] = await api.queuedRequests();
    expect(request).toMatchObject({ address: email, preferences: { topics: ['agents'] } });
  }
});

test('the API takes the address, and says what was probably meant', async () => {
  const answer = await api.post('/v1/subscriptions', { email: 'name@gmial.com' });
  expect(answer.status).toBe(202);
  expect(await answer.json()).toEqual({ status: 'confirmation_sent', didYouMean: 'name@gmail.com' });
  expect(await api.queuedRequests()).toHaveLength(1);
});
