import { afterEach, expect, test } from 'vitest';
import { feedbackCountsSchema } from '../../shared/feedback/sums.ts';
import { startServer } from './server.ts';
import { type } from './terminal.ts';

const id = 'daily-2026-11-23';
let server: Awaited<ReturnType<typeof startServer>> | undefined;
afterEach(() => server?.stop());

const counts = (sent: number, delivered: number) => feedbackCountsSchema.parse({ sent, delivered });

test('opens and clicks have columns only where there are any', async () => {
  const total = { ...counts(9, 8), opened: 3 };
  const domains = [
    { domain: 'one.example', ...total },
    { domain: 'other.example', ...counts(0, 0) },
  ];
  server = await startServer(() => ({ body: { id, total, domains } }));
  const lines = (await type(`digests feedback ${id}`, server.url)).out.trim().split('\n');
  expect(lines[0]).toMatch(/ rejected +opened +other$/);
  expect(lines[1]).toMatch(/^all +9 +8 .* 3 +0$/);
  expect(lines[3]).toMatch(/^other\.example +0 +0 .* 0 +0$/);
});

test('the report of SES is a table with the largest domains, and JSON has all of them', async () => {
  const domains = Array.from({ length: 33 }, (_, index) => ({ domain: `d${index}.example`, ...counts(9, 8) }));
  const body = { id, total: counts(297, 264), domains };
  server = await startServer(() => ({ body }));
  const { out, code } = await type(`digests feedback ${id}`, server.url);
  expect(code).toBe(0);
  const lines = out.trim().split('\n');
  expect(lines[0]).toMatch(/^domain +sent +delivered +delayed +bounced +softBounced +complained +rejected +other$/);
  expect(lines[1]).toMatch(/^all +297 +264 +0 +0 +0 +0 +0 +0$/);
  expect(lines[2]).toMatch(/^d0\.example +9 +8 /);
  expect(lines).toHaveLength(33);
  expect(lines.at(-1)).toBe('and 3 domains with fewer mails');
  expect(server.requests[0]?.request.url).toBe(`/v1/admin/digests/${id}/feedback`);
  expect(JSON.parse((await type(`digests feedback ${id} --json`, server.url)).out)).toEqual(body);
});
