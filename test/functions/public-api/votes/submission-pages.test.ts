import { afterAll, beforeAll, expect, test } from 'vitest';
import { rejectSubmission } from '../../../../shared/papers/curate.ts';
import { signToken, type TokenPurpose, tokenLifetimes } from '../../../../shared/subscribers/tokens.ts';
import { workThroughSubmissions } from '../../../../shared/votes/submission.ts';
import { wordsOf } from '../../../email/sample.ts';
import { examplePaper } from '../../../papers/example-paper.ts';
import { silentLogger } from '../../../support/deliveries.ts';
import { startPublicApi } from '../../../support/public-api.ts';
import { readerOf } from '../../../support/readers.ts';

let api: Awaited<ReturnType<typeof startPublicApi>>;
beforeAll(async () => {
  api = await startPublicApi({ community: { votesHour: 1, submissionsDay: 4 } });
  const paper = examplePaper({ id: '2611.00001', day: '2026-11-23' });
  await api.papers.put({ paper, revision: 0, readAt: 1 });
});
afterAll(() => api.stop());

let readers = 0;
async function reader(change: object = {}) {
  readers += 1;
  const stored = { ...readerOf(api.keys, `submitter${readers}@example.org`), ...change };
  await api.subscribers.put(stored);
  const tokenFor = (purpose: TokenPurpose, at = api.clock.now) =>
    signToken(api.keys, { purpose, subscriberId: stored.id, nonce: '0' }, at);
  return { id: stored.id, token: tokenFor('manage'), tokenFor };
}

const page = async (token: string) => wordsOf(await (await api.app.request(`/submissions?token=${token}`)).text());
async function submit(token: string, arxivId: string) {
  const body = new URLSearchParams({ arxivId });
  const answer = await api.app.request(`/submissions?token=${token}`, { method: 'POST', body });
  const html = await answer.text();
  return { status: answer.status, html, words: wordsOf(html), retryAfter: answer.headers.get('retry-after') };
}

/** Does the work of ingest-papers behind the event, with an arXiv that has all papers but those named. */
async function fetchSubmitted(...missing: string[]) {
  const readIds = async (ids: readonly string[], day: string) => ({
    papers: ids.filter(id => !missing.includes(id)).map(id => examplePaper({ id, day, title: `Fetched ${id}` })),
    rejected: [],
  });
  const services = { ...api, publishEvents: async () => {}, arxiv: { readIds }, logger: silentLogger };
  await workThroughSubmissions(services as never, api.clock.now);
}

test('a paper is submitted by id or address, and the page says what became of it', async () => {
  const { id, token } = await reader();
  expect(await page(token)).toContain('Nothing yet.');
  const taken = await submit(token, ' https://arxiv.org/abs/2611.00077v2 ');
  expect(taken.status).toBe(202);
  expect(taken.words).toContain('Thank you: 2611.00077 is noted.');
  expect(taken.words).toContain('Waiting: it is fetched from arXiv within minutes');
  for (const other of ['2611.00078', 'math/0211159']) expect((await submit(token, other)).status).toBe(202);

  await fetchSubmitted('2611.00078');
  await rejectSubmission(api.papers, 'math/0211159');
  const then = await page(token);
  expect(then).toContain('Fetched 2611.00077');
  expect(then).toContain('Pending: until a curator accepts it, or 3 more readers submit it');
  expect(then).toContain('Not found: arXiv has no paper with this id.');
  expect(then).toContain('Refused, by a curator or its authors');
  // No title of what was refused.
  expect(then).not.toContain('Fetched math/0211159');
  expect((await api.votes.listMarked('submission', id)).length).toBe(3);

  for (let more = 0; more < 3; more += 1) await submit((await reader()).token, '2611.00077');
  expect(await page(token)).toContain('Accepted');
});

test('a text that is no id is a 400 that keeps the text, and changes nothing', async () => {
  const { id, token } = await reader();
  for (const bad of ['', 'a paper', '"><script>x', 'page:one', `2611.${'0'.repeat(500)}`]) {
    const { status, words, html } = await submit(token, bad);
    expect([status, words.includes('is no arXiv id such as 2403.08540')]).toEqual([400, true]);
    expect(html).toContain('aria-invalid="true" aria-describedby="problem"');
    expect(html).not.toContain('<script');
  }
  expect(await api.votes.listMarked('submission', id)).toEqual([]);
});

test('a paper that is decided already is said to be so, and is no submission', async () => {
  const { id, token } = await reader();
  const listed = await submit(token, '2611.00001');
  expect([listed.status, listed.words.includes('2611.00001 is listed already.')]).toEqual([200, true]);
  expect(listed.html).toContain('<a href="/papers/2611.00001">');
  const refused = await submit(token, 'math/0211159');
  expect([refused.status, refused.words.includes('math/0211159 was refused')]).toEqual([200, true]);
  expect(await api.votes.listMarked('submission', id)).toEqual([]);
});

test('over the limit of a day it is a 429 that says when to go on', async () => {
  const { token } = await reader();
  for (const end of [1, 2, 3, 4]) expect((await submit(token, `2611.0010${end}`)).status).toBe(202);
  const over = await submit(token, '2611.00105');
  expect([over.status, over.words.includes('You submitted enough for today. Go on tomorrow.')]).toEqual([429, true]);
  expect(Number(over.retryAfter)).toBeGreaterThan(0);
  // A paper that is decided already costs nothing of the limit.
  expect((await submit(token, '2611.00001')).status).toBe(200);
});

test('a GET changes nothing', async () => {
  const { token } = await reader();
  await submit(token, '2611.00110');
  api.calls.length = 0;
  await page(token);
  expect(api.calls.filter(call => !/^(Get|Query|BatchGet)/.test(call))).toEqual([]);
});

test('twenty are shown, and a link to the older ones', async () => {
  const { id, token } = await reader();
  for (let n = 10; n < 31; n += 1) await api.votes.mark('submission', id, `2611.002${n}`, n);
  const html = await (await api.app.request(`/submissions?token=${token}`)).text();
  expect(html.match(/2611\.002\d\d/g)).toHaveLength(20 + 1);
  const older = /href="([^"]*cursor=[^"]*)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? '';
  const rest = await (await api.app.request(older)).text();
  expect(rest.match(/2611\.002\d\d/g)).toEqual(['2611.00210']);
});

test('only the link that its reader asked for opens it: not that of a digest, an old one, or of a subscriber that left', async () => {
  const { id, tokenFor } = await reader();
  const old = tokenFor('manage', api.clock.now - tokenLifetimes.manage);
  const left = await reader({ status: 'unsubscribed' });
  const erased = await reader({ status: 'erased' });
  for (const [token, status, words] of [
    [tokenFor('preferences'), 400, 'This link does not work any more'],
    [tokenFor('vote'), 400, 'This link does not work any more'],
    [old, 400, 'This link has expired'],
    ['x', 400, 'This link does not work any more'],
    [left.token, 200, 'You are not subscribed'],
    [erased.token, 400, 'This link does not work any more'],
    ['', 200, 'Give the address that you are subscribed with'],
  ] as const) {
    const posted = await submit(token, '2611.00120');
    expect([posted.status, posted.words.includes(words)]).toEqual([status, true]);
    expect(await page(token)).toContain(words);
  }
  expect(await api.votes.listMarked('submission', id)).toEqual([]);
  expect(await api.submissions.get('2611.00120')).toBeUndefined();
});

test('the preferences lead to it, but not by the link of a digest', async () => {
  const { token, tokenFor } = await reader();
  const preferences = async (by: string) => (await api.app.request(`/preferences?token=${by}`)).text();
  expect(await preferences(token)).toContain(`href="/submissions?token=${token}"`);
  expect(await preferences(tokenFor('preferences'))).not.toContain('href="/submissions');
});
