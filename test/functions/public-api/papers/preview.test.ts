import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../../email/sample.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { publishingOver } from '../../../support/digests.ts';
import { startPublicApi } from '../../../support/public-api.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
const day = '2026-11-22';
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.stop());

const pageOf = async (path: string) => {
  const answer = await api.app.request(path);
  return { status: answer.status, html: await answer.text() };
};

test('before the first digest, the page says so; without topics, it asks for some', async () => {
  expect((await pageOf('/preview?topics=walruses')).html).toContain('No digest was made yet.');
  expect((await pageOf('/preview')).html).toContain('Type what you work on');
});

test('topics show the mail that would have come, with the reasons, in the order of the mail', async () => {
  const papers = [
    examplePaper({ id: '2611.00001', day, title: 'Language Models That Reason', upvotes: 90 }),
    examplePaper({ id: '2611.00002', day, title: 'Counting Walruses', abstract: 'We count walruses.', upvotes: 2 }),
  ];
  for (const paper of papers) await api.papers.put({ paper, revision: 0, readAt: 1 });
  await publishingOver(api.dynamo).publish(`daily-${day}`, 0);
  const { html } = await pageOf('/preview?topics=walrus%2C+sea%20ice');
  expect(wordsOf(html)).toContain('Matches your topic: walrus');
  expect(html.indexOf('Counting Walruses')).toBeLessThan(html.indexOf('Language Models That Reason'));
  expect(html).toContain('<input type="hidden" name="topics" value="walrus, sea ice"/>');
  const mail = await pageOf('/preview/mail?topics=walrus');
  expect(mail.html).toContain('On your topics (1)');
  const none = await pageOf('/preview?topics=gardening');
  expect(none.html).toContain('Nothing was on your topics that day.');
});

test('the typed topics come along into the sign-up', async () => {
  const body = new URLSearchParams({ email: 'reader@example.org', topics: 'walrus, sea ice,, Walrus' });
  const answer = await api.app.request('/subscriptions', { method: 'POST', body });
  expect(answer.status).toBe(202);
  const [request] = await api.queuedRequests();
  expect(request).toMatchObject({ kind: 'sign-up', preferences: { topics: ['Walrus', 'sea ice'] } });
});

test('topics that can’t be stored are refused with words, in both forms, and what was typed stays', async () => {
  const long = 'x'.repeat(81);
  const preview = await pageOf(`/preview?topics=${long}`);
  expect(preview.status).toBe(400);
  expect(preview.html).toContain('A topic must have at most 80 characters.');
  expect(preview.html).toContain(`value="${long}"`);
  const body = new URLSearchParams({ email: 'reader@example.org', topics: long });
  const answer = await api.app.request('/subscriptions', { method: 'POST', body });
  expect(answer.status).toBe(400);
  const html = await answer.text();
  expect(html).toContain('A topic must have at most 80 characters.');
  expect(html).toContain('value="reader@example.org"');
});

test('no markup of the topics gets into the page', async () => {
  const { html } = await pageOf(`/preview?topics=${encodeURIComponent('"><script>alert(1)</script>')}`);
  expect(html).not.toContain('<script>');
});
