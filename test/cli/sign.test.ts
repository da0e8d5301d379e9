import { createHash, createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSigner, type SignableRequest } from '../../cli/sign.ts';

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, sessionToken: 'a token' };
const now = new Date('2026-11-23T15:00:00.123Z');

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/**
 * The signature as the receiver works it out from what it gets.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
function expectedSignature({ method, url, body }: SignableRequest, headers: Record<string, string>): string {
  const [, scope = '', names = ''] =
    /Credential=AKIDEXAMPLE\/(\S+), SignedHeaders=(\S+),/.exec(headers.authorization ?? '') ?? [];
  const canonical = [
    method,
    url.pathname,
    url.searchParams.toString(),
    ...names.split(';').map(name => `${name}:${headers[name]}`),
    '',
    names,
    sha256(body),
  ];
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, sha256(canonical.join('\n'))].join('\n');
  return hmac(scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secret}`), toSign).toString('hex');
}

test.each<[string, SignableRequest, string]>([
  [
    'a GET with a query',
    {
      method: 'GET',
      url: new URL('https://abc123.execute-api.eu-central-1.amazonaws.com/v1/digests?limit=14'),
      headers: {},
      body: '',
    },
    'eu-central-1',
  ],
  [
    'a POST with a body, to a name of one’s own and a port',
    {
      method: 'POST',
      url: new URL('https://papers.example.org:8443/v1/admin/digests'),
      headers: { 'content-type': 'application/json' },
      body: '{"date":"2026-11-23"}',
    },
    'us-west-2',
  ],
])('%s carries the signature that the receiver works out', async (_, request, region) => {
  const headers = await createSigner({ region: 'us-west-2', credentials })(request, now);
  expect(headers).toMatchObject({
    ...request.headers,
    host: request.url.host,
    'x-amz-date': '20261123T150000Z',
    'x-amz-security-token': 'a token',
  });
  expect(headers.authorization).toContain(`Credential=AKIDEXAMPLE/20261123/${region}/execute-api/aws4_request`);
  for (const name of ['host', 'x-amz-date', 'x-amz-security-token', ...Object.keys(request.headers)]) {
    expect(headers.authorization).toMatch(new RegExp(`SignedHeaders=\\S*\\b${name}\\b`));
  }
  expect(headers.authorization).toMatch(/Signature=[0-9a-f]{64}$/);
  expect(headers.authorization).toContain(`Signature=${expectedSignature(request, headers)}`);
});
