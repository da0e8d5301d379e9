import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Answer, shown, startServer } from './server.ts';
import { type } from './terminal.ts';

const line = 'digests show daily-2026-11-23';
let answer: Answer;
let server: Awaited<ReturnType<typeof startServer>>;
let environment: NodeJS.ProcessEnv;
beforeEach(async () => {
  environment = { ...process.env };
  server = await startServer(() => answer);
});
afterEach(async () => {
  process.env = environment;
  await server.stop();
});

test('a problem is told in its own words, with what is wrong where', async () => {
  answer = {
    status: 400,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:daily-papers:problem:invalid-input',
      title: 'The input is not valid',
      status: 400,
      detail: 'The body is not valid: see "errors" for what to correct.',
      errors: [{ path: 'state', message: 'not a state\u001b[2J' }],
    },
  };
  const { code, out, err } = await type(line, server.url);
  // The control character would have cleared the terminal.
  expect(err).toBe('The body is not valid: see "errors" for what to correct.\n  state: not a state[2J\n');
  expect([code, out]).toEqual([1, '']);
});

test.each<[string, Answer, string]>([
  ['another program', { body: '<html>Hello</html>' }, 'is not this version of Daily Papers'],
  ['another JSON API', { body: { hello: 'there' } }, 'is not this version of Daily Papers'],
  ['a redirect', { status: 301, headers: { location: 'https://a.example/' }, body: '' }, 'to https://a.example/: give'],
  ['a gateway that refuses', { status: 403, body: { message: 'Forbidden' } }, 'answered 403: Forbidden\nDo your AWS'],
  ['a gateway with nothing behind it', { status: 502, body: 'Bad Gateway' }, 'answered 502.'],
  ['a cut connection', { body: undefined }, 'Start the system with: npm start (UND_ERR_SOCKET)'],
])('%s is told in words', async (_, given, message) => {
  answer = given;
  const { code, out, err } = await type(line, server.url);
  expect(err).toContain(message);
  expect(err).toContain(server.url);
  expect([code, out]).toEqual([1, '']);
});

test('where nothing runs, the next step is to start it', async () => {
  const { url } = server;
  await server.stop();
  const { code, err } = await type(line, url);
  expect(err).toBe(`Nothing answers at ${url}. Start the system with: npm start (ECONNREFUSED)\n`);
  expect(code).toBe(1);
});

test('to this machine requests go unsigned, to others signed with the credentials of the environment', async () => {
  answer = { body: shown() };
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_SESSION_TOKEN: 'session',
    AWS_REGION: 'eu-central-1',
  });
  expect((await type(line, server.url)).code).toBe(0);
  expect((await type(line, `http://localhost:${server.port}`)).code).toBe(0);
  // Leads to this machine as well, but is none of its names.
  expect((await type(line, `http://0.0.0.0:${server.port}`)).code).toBe(0);

  const [byAddress, byName, other] = server.requests.map(({ request }) => request.headers);
  expect([byAddress?.authorization, byName?.authorization]).toEqual([undefined, undefined]);
  expect(other?.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-central-1\/execute-api\/aws4_request, /,
  );
  expect(other?.['x-amz-security-token']).toBe('session');
});

test('without credentials nothing is sent, and the variables to set are named', async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_REGION: 'eu-central-1',
  });
  const { code, err } = await type(line, `http://0.0.0.0:${server.port}`);
  expect(err).toMatch(/could not be signed: .*credentials.*AWS_PROFILE/);
  expect(code).toBe(1);
  expect(server.requests).toEqual([]);
});
