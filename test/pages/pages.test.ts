import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { errorPage } from '../../functions/public-api/pages/problems.tsx';
import { topicKey } from '../../shared/digests/narrowed-topic.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import type { Subscriber } from '../../shared/subscribers/subscriber.ts';
import { signToken, type TokenPurpose, tokenLifetimes, voteToken } from '../../shared/subscribers/tokens.ts';
import { sampleDigest, samplePaper } from '../email/sample.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { startPublicApi } from '../support/public-api.ts';
import { readerOf } from '../support/readers.ts';
import { type Served, startBrowser } from './browser.ts';

/* Every page of the public API, as it is served, in a real browser: what axe finds wrong with it. */

let api: Awaited<ReturnType<typeof startPublicApi>>;
let browser: Awaited<ReturnType<typeof startBrowser>>;
beforeAll(async () => {
  browser = await startBrowser();
  api = await startPublicApi({ most: { addressHour: 1, mailboxDay: 9, networkHour: 1_000, allHour: 1_000 } });
  await Promise.all(
    ['active', 'confirmed', 'pending', 'left', 'leaving', 'signing-out', 'waiting', 'moved', 'mover', 'narrower'].map(
      name => api.subscribers.put(reader(name)),
    ),
  );
  const { title, lead: abstract, authors, keywords = [], ...links } = samplePaper(1);
  const paper = examplePaper({ ...links, title, abstract, authors, keywords, day: '2026-11-23' });
  await api.papers.put({ paper, revision: 0, readAt: api.clock.now });
  await api.digests.create(
    sampleDigest(
      [1, 2, 3].map(number => samplePaper(number)),
      { papersOfDay: 52 },
    ),
  );
  const { papers, searchStore: store } = api;
  await indexPapers({ papers, store, now: () => api.clock.now, remaining: () => 600_000 });
});
afterAll(() => Promise.all([browser.stop(), api?.stop()]));

function reader(name: string): Subscriber {
  const stored = readerOf(api.keys, `${name}@example.org`, name === 'narrower' ? { topics: ['noise'] } : {});
  const movedTo = { id: 'A'.repeat(43), nonce: '0', at: api.clock.now };
  if (name === 'moved') return { ...stored, status: 'unsubscribed', unsubscribedAt: api.clock.now, movedTo };
  if (name === 'left') return { ...stored, status: 'unsubscribed', unsubscribedAt: api.clock.now };
  const pendingRequest = { nonce: '0', requestedAt: api.clock.now, preferences: stored.preferences };
  if (name === 'confirmed') return { ...stored, confirmedNonce: '0' };
  return ['pending', 'zoned', 'waiting'].includes(name) ? { ...stored, status: 'pending', pendingRequest } : stored;
}
/** A token made so many milliseconds ago. */
function token(purpose: TokenPurpose, name = 'active', age = 0): string {
  const grant = { purpose, subscriberId: reader(name).id, nonce: '0' };
  return `token=${signToken(api.keys, grant, api.clock.now - age)}`;
}
/** The address of what one may do with the paper of a mail. */
const vote = (act: string) =>
  `/papers/2611.00001/${act}?token=${voteToken(api.keys, reader('active').id, '2611.00001', api.clock.now)}`;
/** The address of "Not about this". */
const not = (act = '', topics = ['noise', 'gone']) =>
  `/preferences/not${act}?${token('preferences', 'narrower')}&paper=2611.00001&topics=${topics.map(topicKey).join('.')}`;
const long = 'a'.repeat(64);
const whole = { frequency: 'daily', sendHour: '7', timeZone: 'UTC', maxPapers: '20', dateLanguage: 'en-US' };
const lists = {
  topics: 'history\ncs.ZZ',
  authors: '',
  muted: '',
  minScore: '',
  pausedUntil: '',
  onlyMine: 'no',
  learned: 'yes',
  catchUp: 'no',
  pictures: 'no',
};

/** A page by the request that it answers; `form` makes it a POST. */
interface Visit {
  status: number;
  path: string | (() => string);
  form?: Record<string, string>;
}

const visits: Record<string, Visit> = {
  home: { status: 200, path: '/' },
  'a day without papers': { status: 200, path: '/?date=2026-11-01' },
  'papers of a week': { status: 200, path: '/?week=2026-W48&sort=upvotes' },
  'papers of all time': { status: 200, path: '/?period=all' },
  paper: { status: 200, path: '/papers/2611.00001' },
  digest: { status: 200, path: '/digests/daily-2026-11-23' },
  'all digests': { status: 200, path: '/digests' },
  'no digests': { status: 200, path: '/digests?kind=weekly' },
  'nothing here': { status: 404, path: '/digests/daily-2020-01-01' },
  'all links signed out': {
    status: 200,
    path: () => `/preferences/sign-out?${token('manage', 'signing-out')}`,
    form: {},
  },
  'a paper of arXiv that is not here': { status: 404, path: '/papers/2611.99999' },
  'nothing at arXiv’s address': { status: 404, path: '/abs/nothing' },
  'nothing behind an address': { status: 404, path: '/https://example.org/2611.00001' },
  'nothing by this id': { status: 404, path: '/2611.0000x' },
  preview: { status: 200, path: '/preview' },
  'preview of topics': { status: 200, path: '/preview?topics=matrices,%20gardening' },
  'preview of a topic that can’t be one': { status: 400, path: `/preview?topics=${'x'.repeat(81)}` },
  'preview of the mail': { status: 200, path: '/preview/mail?topics=matrices' },
  status: { status: 200, path: '/status' },
  search: { status: 200, path: '/search' },
  'search results': { status: 200, path: '/search?q=matrices' },
  'search without results': { status: 200, path: '/search?q=nothingofthekind' },
  'search that is not understood': { status: 400, path: '/search?q=after:never' },
  'sign-up taken': { status: 202, path: '/subscriptions', form: { email: 'new@example.org' } },
  'sign-up with a slip': { status: 400, path: '/subscriptions', form: { email: long } },
  'sign-up with a slip of the domain': {
    status: 400,
    path: '/subscriptions',
    form: { email: `${'a-long-name-'.repeat(5)}@gmial.com` },
  },
  'sign-up too often': { status: 429, path: '/subscriptions', form: { email: 'new@example.org' } },
  'confirm, done before': { status: 200, path: () => `/subscriptions/confirm?${token('confirm', 'confirmed')}` },
  'confirm, with hour and zone': { status: 200, path: () => `/subscriptions/confirm?${token('confirm', 'pending')}` },
  confirmed: { status: 200, path: () => `/subscriptions/confirm?${token('confirm', 'pending')}`, form: {} },
  'confirm link expired': {
    status: 200,
    path: () => `/subscriptions/confirm?${token('confirm', 'active', tokenLifetimes.confirm)}`,
  },
  'confirm link that does not work': { status: 400, path: '/subscriptions/confirm?token=x', form: {} },
  'fresh confirmation mailed': {
    status: 202,
    path: () => `/subscriptions/confirm/renew?${token('confirm', 'leaving', tokenLifetimes.confirm)}`,
    form: {},
  },
  unsubscribe: { status: 200, path: () => `/subscriptions/unsubscribe?${token('unsubscribe')}` },
  unsubscribed: { status: 200, path: () => `/subscriptions/unsubscribe?${token('unsubscribe', 'leaving')}`, form: {} },
  'unsubscribe link that does not work': { status: 400, path: '/subscriptions/unsubscribe?token=x', form: {} },
  'no reason chosen': {
    status: 400,
    path: () => `/subscriptions/unsubscribe/reason?${token('unsubscribe', 'leaving')}`,
    form: {},
  },
  'reason noted': {
    status: 200,
    path: () => `/subscriptions/unsubscribe/reason?${token('unsubscribe', 'leaving')}`,
    form: { reason: 'quality' },
  },
  preferences: { status: 200, path: () => `/preferences?${token('manage')}` },
  'preferences by the link of a digest': { status: 200, path: () => `/preferences?${token('preferences')}` },
  'preferences by a link that has expired': {
    status: 400,
    path: () => `/preferences?${token('preferences', 'active', tokenLifetimes.preferences)}`,
  },
  'link to the address behind a link': {
    status: 202,
    path: () => `/preferences/link?${token('preferences')}`,
    form: {},
  },
  'link to the address behind a link, too often': {
    status: 429,
    path: () => `/preferences/link?${token('preferences')}`,
    form: {},
  },
  'preferences without a link': { status: 200, path: '/preferences' },
  'preferences by a link that does not work': { status: 400, path: '/preferences?token=x' },
  'preferences of who left': { status: 200, path: () => `/preferences?${token('manage', 'left')}` },
  'preferences saved': { status: 200, path: () => `/preferences?${token('manage')}`, form: { ...whole, ...lists } },
  'preferences with slips': {
    status: 400,
    path: () => `/preferences?${token('manage')}`,
    form: { ...whole, ...lists, maxPapers: 'x', topics: 'x'.repeat(100) },
  },
  'another address': {
    status: 202,
    // A reader who has not asked for a link: the word to the old address counts among those.
    path: () => `/preferences/address?${token('manage', 'mover')}`,
    form: { email: 'other@example.org' },
  },
  'another address with a slip': {
    status: 400,
    path: () => `/preferences/address?${token('manage')}`,
    form: { email: long },
  },
  upvote: { status: 200, path: () => vote('upvote') },
  upvoted: { status: 200, path: () => vote('upvote'), form: {} },
  'upvote taken back': { status: 200, path: () => vote('upvote/take-back'), form: {} },
  'upvote link that does not work': { status: 400, path: '/papers/2611.00001/upvote?token=x' },
  less: { status: 200, path: () => vote('less') },
  'less from now on': { status: 200, path: () => vote('less'), form: {} },
  'less taken back': { status: 200, path: () => vote('less/take-back'), form: {} },
  'not about this': { status: 200, path: () => not() },
  'not about this from now on': { status: 200, path: () => not(), form: {} },
  'not about this taken back': { status: 200, path: () => not('/take-back'), form: {} },
  'not about a topic that is gone': { status: 200, path: () => not('', ['gone']) },
  save: { status: 200, path: () => vote('save') },
  saved: { status: 200, path: () => vote('save'), form: {} },
  'saved papers': { status: 200, path: () => `/saved?${token('manage')}` },
  'save taken back': { status: 200, path: () => vote('save/take-back'), form: {} },
  'no saved papers': { status: 200, path: () => `/saved?${token('manage')}` },
  'no submissions': { status: 200, path: () => `/submissions?${token('manage')}` },
  'paper submitted': {
    status: 202,
    path: () => `/submissions?${token('manage')}`,
    form: { arxivId: '2611.00009' },
  },
  'paper submitted that is listed': {
    status: 200,
    path: () => `/submissions?${token('manage')}`,
    form: { arxivId: '2611.00001' },
  },
  'submission with a slip': {
    status: 400,
    path: () => `/submissions?${token('manage')}`,
    form: { arxivId: long },
  },
  'take a subscription back': { status: 200, path: () => `/subscriptions/take-back?${token('takeback', 'moved')}` },
  'subscription taken back': {
    status: 200,
    path: () => `/subscriptions/take-back?${token('takeback', 'moved')}`,
    form: {},
  },
  'link that takes back and does not work': { status: 400, path: '/subscriptions/take-back?token=x', form: {} },
  'kept data, asked for without a link': { status: 200, path: '/own-data' },
  'kept data about a reader': { status: 200, path: () => `/own-data?${token('manage')}` },
  'kept data about a subscriber that left': { status: 200, path: () => `/own-data?${token('data', 'left')}` },
  'kept data about a subscriber that never confirmed': {
    status: 200,
    path: () => `/own-data?${token('data', 'waiting')}`,
  },
  'kept data, by a link that has expired': {
    status: 400,
    path: () => `/own-data?${token('data', 'left', tokenLifetimes.data)}`,
  },
  'nothing is kept': { status: 200, path: () => `/own-data?${token('data', 'nobody')}` },
  'erase all, of who left': { status: 200, path: () => `/preferences/erase?${token('data', 'left')}` },
  'erase all': { status: 200, path: () => `/preferences/erase?${token('manage')}` },
  'all erased': { status: 200, path: () => `/preferences/erase?${token('manage', 'nobody')}`, form: {} },
  'nothing to export': { status: 200, path: () => `/preferences/export?${token('manage', 'nobody')}`, form: {} },
  'link mailed': { status: 202, path: '/preferences/link', form: { email: 'somebody@example.org' } },
  'link for an address with a slip': { status: 400, path: '/preferences/link', form: { email: long } },
};

const addressOf = (path: Visit['path']) => (typeof path === 'string' ? path : path());

async function visit({ status, path, form }: Visit): Promise<Served> {
  const address = addressOf(path);
  const answer = await api.app.request(address, form && { method: 'POST', body: new URLSearchParams(form) });
  expect([address, answer.status]).toEqual([address, status]);
  return {
    html: await answer.text(),
    headers: { 'content-security-policy': answer.headers.get('content-security-policy') ?? '' },
  };
}

describe('axe finds nothing wrong with the page', () => {
  test.each(Object.keys(visits))('%s', async name => {
    expect(await browser.faultsOf(await visit(visits[name] as Visit))).toEqual([]);
  });

  test('for a fault of ours', async () => expect(await browser.faultsOf({ html: errorPage() })).toEqual([]));
});

test('the page that confirms chooses the zone of the browser, by the one script that its policy lets in', async () => {
  // A request that no other visit confirms.
  await api.subscribers.put(reader('zoned'));
  const served = await visit({ status: 200, path: () => `/subscriptions/confirm?${token('confirm', 'zoned')}` });
  const chosen = (zone: string, of = served) => browser.evaluate(of, "document.getElementById('timeZone').value", zone);
  expect(await chosen('Europe/Berlin')).toBe('Europe/Berlin');
  expect(await chosen('America/New_York')).toBe('America/New_York');
  expect(await chosen('Asia/Calcutta')).toBe('Asia/Kolkata');
  expect(await chosen('Etc/GMT-3')).toBe('Etc/GMT-3');
  const other = { ...served, html: served.html.replace('const zones', 'const  zones') };
  expect(await chosen('Europe/Berlin', other)).toBe('UTC');
  const wished = served.html
    .replace('value="UTC" selected', 'value="UTC"')
    .replace('value="Asia/Tokyo"', 'value="Asia/Tokyo" selected');
  expect(await chosen('Europe/Berlin', { ...served, html: wished })).toBe('Asia/Tokyo');
});

test('every route that answers with a page is among them', () => {
  const visited = Object.values(visits).map(({ path, form }) => `${form ? 'POST' : 'GET'} ${addressOf(path)}`);
  const routes = api.app.routes
    .filter(
      ({ method, path }) =>
        method !== 'ALL' &&
        !/^\/(v1\/|feed\.|health$|openapi\.json$|favicon|robots\.txt$|sitemap\.xml$)|\.bib/.test(path),
    )
    // A parameter may bring the expression that it follows.
    .map(({ method, path }) => `${method} ${path.replace(/:\w+(?:\{(.+)\})?/, (_, form = '[^/]+') => form)}`);
  expect(new Set(routes).size).toBeGreaterThan(10);
  expect(routes.filter(route => !visited.some(path => new RegExp(`^${route}(\\?|$)`).test(path)))).toEqual([]);
});

test('a fault is found', async () => {
  const bad =
    '<!DOCTYPE html><html><body><style>@media(prefers-color-scheme:dark){p{color:#999}}</style><img src="x"><p>pale</p></html>';
  const faults = (await browser.faultsOf({ html: bad })).join('\n');
  for (const rule of ['320 px, light: image-alt', '1280 px, dark: html-has-lang'])
    expect(faults).toContain(`${rule}: `);
  expect(faults).toContain('320 px, dark: color-contrast');
  expect(faults).not.toContain('light: color-contrast');
  const html = '<!DOCTYPE html><html lang="en"><title>t</title><main><h1 style="width:500px">x</h1></main></html>';
  const sideways = expect.stringContaining('scrolls sideways');
  expect(await browser.faultsOf({ html })).toEqual([sideways, sideways]);
});
