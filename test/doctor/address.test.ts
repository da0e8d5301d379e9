import { createServer } from 'node:https';
import { describe, expect, test } from 'vitest';
import { askCertificate, askHealth, judgeCertificate, judgeHealth } from '../../doctor/address.ts';
import { close, listen } from '../../local/listen.ts';
import { createCertificate } from '../support/certificate.ts';

const day = 86_400_000;
const now = Date.now();
const host = 'papers.example.org';

/** The findings about the certificate of a server on this machine that stands for `host`. */
async function look({ certified = host, days = 90, isTrusted = true }) {
  const { key, cert } = createCertificate(certified, now + days * day + 3_600_000);
  const server = createServer({ key, cert });
  const port = Number(new URL(await listen(server as never)).port);
  try {
    const answer = await askCertificate(`https://${host}`, { host: '127.0.0.1', port, ...(isTrusted && { ca: cert }) });
    return judgeCertificate(host, answer, now);
  } finally {
    await close(server as never);
  }
}

describe('the certificate of the public address', () => {
  test('is fine when browsers trust it for months', async () => {
    expect(await look({})).toEqual({
      status: 'ok',
      says: expect.stringMatching(/valid until 20\d\d-.*, 90 days more\.$/),
    });
  });

  test.each([
    ['has few days left', { days: 20 }, 'warning', /20 days more/],
    ['has expired', { days: -2 }, 'failed', /has expired on 20/],
    [
      'is of another name',
      { certified: 'other.example.org' },
      'failed',
      /Browsers refuse .*: ERR_TLS_CERT_ALTNAME_INVALID/,
    ],
    ["is nobody's", { isTrusted: false }, 'failed', /Browsers refuse .*: DEPTH_ZERO_SELF_SIGNED_CERT/],
  ])('%s', async (_, given, status, says) => {
    expect(await look(given)).toEqual({ status, says: expect.stringMatching(says), todo: expect.stringMatching(/\S/) });
  });
});

describe('the public address', () => {
  test('of a server whose certificate nobody trusts does not answer', async () => {
    const server = createServer(createCertificate('127.0.0.1', now + day), (_, response) => response.end('{}'));
    const url = (await listen(server as never)).replace('http:', 'https:');
    const finding = judgeHealth(url, 'daily-papers-prod', await askHealth(url));
    await close(server as never);
    expect(finding).toMatchObject({
      status: 'failed',
      says: expect.stringMatching(/does not answer: .*self-signed certificate/),
    });
  });

  test('that no DNS knows does not answer', async () => {
    const url = 'http://papers.invalid';
    const finding = judgeHealth(url, 'daily-papers-prod', await askHealth(url));
    expect(finding).toMatchObject({
      status: 'failed',
      says: expect.stringMatching(/^http:\/\/papers.invalid does not answer: DNS/),
    });
  });

  test('of MiniStack shows MiniStack, behind which nothing is seen', () => {
    const answer = { status: 200, body: '{"services": {}, "edition": "light"}', location: undefined };
    expect(judgeHealth('http://x.execute-api.localhost:4566', 'daily-papers-dev', answer).status).toBe('unknown');
  });
});
