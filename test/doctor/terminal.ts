import { Writable } from 'node:stream';
import { expect } from 'vitest';
import { runDoctor } from '../../doctor/run.ts';

/** Milliseconds for which an answer of DNS is waited for: the servers of tests are on this machine. */
const dnsPatience = 500;

/** Types a command line after `npm run doctor --` and gives what came of it. */
export async function type(args: string[], now?: number) {
  const written = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _, done) {
        written[name] += chunk;
        done();
      },
    });
  const code = await runDoctor(args, { out: stream('out'), err: stream('err') }, now, dnsPatience);
  return { code, ...written };
}

/** The finding of one check, in JSON. */
export interface Found {
  group: string;
  name: string;
  status: string;
  says: string;
  todo?: string;
}

/** Runs the doctor and reads its findings. */
export async function examineWith(...args: string[]) {
  return readReport(await type([...args, '--json']));
}

/** The JSON that the doctor printed. */
export function readReport({ code, out, err }: Awaited<ReturnType<typeof type>>) {
  expect(err).toBe('');
  const report = JSON.parse(out) as { subject: string; at: string; checks: Found[]; counts: Record<string, number> };
  return { ...report, code, check: (name: string) => report.checks.find(check => check.name === name) };
}
