import type { KeyRing } from '../../shared/subscribers/keys.ts';
import { signToken, type TokenPurpose, tokenLifetimes, voteToken } from '../../shared/subscribers/tokens.ts';

/** A request as a stranger, or an operator, sends it. */
export interface FuzzedRequest {
  method: string;
  /** As on the wire, with its query. */
  url: string;
  headers: Record<string, string>;
  body?: string | Buffer;
}

export const paperId = '2611.00001';
export const day = '2026-11-23';
const digestId = `daily-${day}`;

const json = (method: string, url: string, body: unknown, bearer?: string): FuzzedRequest => ({
  method,
  url,
  headers: { 'content-type': 'application/json', ...(bearer && { authorization: `Bearer ${bearer}` }) },
  body: JSON.stringify(body),
});

const form = (url: string, fields: Record<string, string>): FuzzedRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://papers.example.org' },
  body: new URLSearchParams(fields).toString(),
});

const multipart = (url: string, fields: Record<string, string>): FuzzedRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'multipart/form-data; boundary=x' },
  body: `${Object.entries(fields)
    .map(([name, value]) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
    .join('')}--x--\r\n`,
});

const get = (url: string, headers: Record<string, string> = {}): FuzzedRequest => ({ method: 'GET', url, headers });

const preferences = {
  frequency: 'weekdays',
  topics: ['language models', 'cs.CL'],
  authors: ['A. Author'],
  muted: ['survey'],
  maxPapers: 10,
  minScore: 1.5,
  timeZone: 'Europe/Berlin',
  sendHour: 8,
  pictures: true,
  pausedUntil: '2027-01-15',
  dateLanguage: 'de',
};

/** Requests to the public API that it takes, by a reader and by strangers. */
export function publicSeeds(keys: KeyRing, subscriberId: string, now: number): FuzzedRequest[] {
  const token = (purpose: TokenPurpose, at = now) => signToken(keys, { purpose, subscriberId, nonce: '0' }, at);
  const [manage, weak, leave] = [token('manage'), token('preferences'), token('unsubscribe')];
  const expired = token('manage', now - 2 * tokenLifetimes.manage);
  const vote = voteToken(keys, subscriberId, paperId, now);
  const confirm = token('confirm');
  const bearer = { authorization: `Bearer ${manage}` };
  return [
    get('/'),
    get(`/?date=${day}&sort=upvotes&cursor=0`),
    get('/?week=2026-W48'),
    get('/?month=2026-11&period=all'),
    get(`/papers/${paperId}`),
    get('/abs/math/0211159v2'),
    get('/https://arxiv.org/abs/2403.08540v2'),
    get('/digests'),
    get(`/digests/${digestId}`),
    get('/search?q=language+model+author%3AAuthor'),
    get('/feed.atom', { 'if-none-match': 'W/"abc"', 'if-modified-since': 'Mon, 23 Nov 2026 00:00:00 GMT' }),
    get('/feed.json?q=%22large+language%22+after%3A2026-11-01+has%3Acode', { 'accept-encoding': 'br;q=0.5, gzip' }),
    get('/health'),
    get('/openapi.json', { origin: 'https://front.example.org' }),
    get('/v1/status'),
    get(`/v1/papers?date=${day}&sort=published&limit=2&cursor=eyJhIjoxfQ`),
    get('/v1/papers?week=2026-W48&sort=trending'),
    get(`/v1/papers/${paperId}`),
    get('/v1/papers/math/0211159/ranking'),
    get('/v1/papers/search?q=lang&limit=5', { cookie: 'a=b; c="d"' }),
    get('/v1/digests?kind=daily&limit=3&cursor=eyJkYXRlIjoiMjAyNi0xMS0yMyJ9'),
    get(`/v1/digests/${digestId}`),
    get('/v1/subscriptions/me', bearer),
    get('/v1/subscriptions/me/export', bearer),
    get('/v1/subscriptions/me/saved?limit=5', bearer),
    get(`/v1/papers/${paperId}/submission`, bearer),
    get(`/preferences?token=${manage}`),
    get(`/preferences?token=${expired}`),
    get(`/saved?token=${manage}&cursor=1~2611.00001`),
    get(`/submissions?token=${manage}`),
    get(`/subscriptions/confirm?token=${confirm}`),
    get(`/subscriptions/unsubscribe?token=${leave}`),
    get(`/papers/${paperId}/upvote?token=${vote}`),
    json('POST', '/v1/subscriptions', { email: 'somebody@example.org', preferences, honeypot: '' }),
    json('POST', '/v1/subscriptions/link', { email: 'fuzz@example.org' }),
    json('POST', '/v1/subscriptions/confirm', { token: confirm }),
    json('POST', '/v1/subscriptions/unsubscribe', { token: weak, reason: 'too-many' }),
    json('PATCH', '/v1/subscriptions/me', { preferences }, manage),
    json('PATCH', '/v1/subscriptions/me', { email: 'new@example.org' }, manage),
    json('POST', '/v1/papers', { arxivId: 'https://arxiv.org/abs/2403.08540v2' }, manage),
    json('POST', `/v1/papers/${paperId}/upvote`, {}, manage),
    json('DELETE', `/v1/papers/${paperId}/save`, {}, manage),
    form('/subscriptions', { email: 'other@example.org', topic_note: '' }),
    multipart('/subscriptions', { email: 'other@example.org' }),
    form(`/subscriptions/confirm?token=${confirm}`, { sendHour: '7', timeZone: 'Asia/Kolkata' }),
    form(`/subscriptions/confirm/renew?token=${confirm}`, {}),
    multipart(`/subscriptions/unsubscribe?token=${weak}`, { 'List-Unsubscribe': 'One-Click' }),
    form(`/subscriptions/unsubscribe/reason?token=${leave}`, { reason: 'too-many' }),
    form(`/preferences?token=${manage}`, {
      ...(preferences as object),
      topics: 'a\r\nb',
      minScore: '1',
      learned: 'yes',
      pictures: 'no',
      onlyMine: 'no',
      catchUp: 'no',
    } as never),
    form(`/preferences/link?token=${expired}`, {}),
    form('/preferences/link', { email: 'fuzz@example.org' }),
    form(`/preferences/address?token=${manage}`, { email: 'moved@example.org' }),
    form(`/submissions?token=${manage}`, { arxivId: '2403.08540' }),
    form(`/papers/${paperId}/upvote/take-back?token=${vote}`, {}),
  ];
}

/** Requests to the operators' API that it takes. */
export function adminSeeds(subscriberId: string): FuzzedRequest[] {
  const to = (path: string) => `/v1/admin${path}`;
  const digest = to(`/digests/${digestId}`);
  const row = { line: 1, email: 'row@example.org', status: 'active', confirmedAt: 1_700_000_000_000, timeZone: 'UTC' };
  const imported = { importId: '0123456789abcdef', startedAt: '2026-11-23T00:00:00Z' };
  return [
    get(to('/openapi.json')),
    get(to('/digests?kind=daily&limit=3')),
    get(digest),
    get(`${digest}/feedback`),
    get(`${digest}/preview`),
    get(to(`/digests/welcome-${digestId}/preview`)),
    get(to('/sources?from=2026-11-01&to=2026-11-23')),
    get(to('/submissions?limit=5')),
    get(to('/subscribers?status=active&limit=5&cursor=x')),
    get(to('/subscribers/verification?limit=5')),
    get(to('/consents/verification?part=3&limit=5')),
    json('POST', to('/digests'), { date: day }),
    json('POST', to('/digests'), { week: '2026-W48' }),
    json('POST', `${digest}/send`, {}),
    json('POST', `${digest}/pause`, {}),
    json('POST', `${digest}/resume`, {}),
    json('POST', `${digest}/retry`, { state: 'failed', subscriberId }),
    json('POST', `${digest}/test-mail`, { address: 'me@example.org' }),
    json('PATCH', `${digest}/curation`, { papers: { [paperId]: 'drop' }, note: 'A line' }),
    json('POST', to('/ingestions'), { source: 'page', day, text: 'Daily Papers\n\nA title\n\nAn abstract.\n' }),
    json('POST', to('/ingestions'), { source: 'hugging-face', week: '2026-W48' }),
    json('POST', to('/papers'), { arxivId: 'math/0211159', day }),
    json('POST', to('/papers'), { title: 'T', abstract: 'A', authors: ['N'], url: 'https://a.example/', day }),
    json('PATCH', to(`/papers/${paperId}`), { hidden: true, pinnedDay: day, accepted: true }),
    json('DELETE', to('/papers/page:none'), {}),
    json('POST', to('/subscribers/import'), { service: 'mailchimp', ...imported, rows: [row], dryRun: false }),
    json('POST', to('/subscribers/import/undo'), { ...imported, ids: [subscriberId] }),
    json('POST', to('/subscribers/erase'), { email: 'gone@example.org' }),
  ];
}
