import { afterEach, expect, test } from '@jest/globals';
import { feedbackCountsSchema } from '../../../shared/feedback/counts.ts';
import { startServer } from './server.ts';
import { type } from './terminal.ts';

const id = 'daily-2026-11-23';
let server: Awaited<ReturnType<typeof startServer>> | undefined;
afterEach(() => server?.stop());

const counts = (sent: number, delivered: number) => feedbackCountsSchema.parse({ sent, delivered });

test('what SES reported is a table with the largest domains, and JSON has all of them', async () => {
  const domains = Array.from({ length: 33 }, (_, index) => ({ domain: `d${index}.example`, ...counts(9, 8) }));
  const body = { id, total: counts(297, 264), domains };
  server = await startServer(() => ({ body }));
  const { out, code } = await type(`digests feedback ${id}`, server.url);
  expect(code).toBe(0);
  const lines = out.trim().split('\n');
  expect(lines[0]).toMatch(/^domain +sent +delivered +delayed +bounced +complained +rejected +other$/);
  expect(lines[1]).toMatch(/^all +297 +264 +0 +0 +0 +0 +0$/);
  expect(lines[2]).toMatch(/^d0\.example +9 +8 /);
  expect(lines).toHaveLength(33);
  expect(lines.at(-1)).toBe('and 3 domains with fewer mails');
  expect(server.requests[0]?.request.url).toBe(`/v1/admin/digests/${id}/feedback`);
  expect(JSON.parse((await type(`digests feedback ${id} --json`, server.url)).out)).toEqual(body);
});
