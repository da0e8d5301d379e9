import { afterAll, expect, test } from 'vitest';
import { captureFunctionLogs } from '../../local/function-log.ts';
import { runMainJob } from '../../local/main-job.ts';
import { readSample } from '../../local/sample.ts';

/** The whole system is started and sends two digests: how fast is for the demo to say, not for a test. */
const systemTimeout = 30_000;

const log: string[] = [];
afterAll(captureFunctionLogs(entry => log.push(entry.json)));

test(
  'the main job runs from the page of papers to the digest that a leaver does not get',
  async () => {
    const warnings: string[] = [];
    const steps: string[] = [];
    const { result, html } = await runMainJob({ kind: 'page', text: (await readSample()).page }, 3, {
      begin: what => steps.push(what),
      progress: () => undefined,
      end: () => undefined,
      warn: text => warnings.push(text),
    });
    expect(result).toEqual({
      papers: { read: expect.any(Number), stored: result.papers.read, rejected: 0 },
      subscribers: { requested: 3, confirmed: 3, unsubscribed: 1 },
      digest: {
        id: expect.stringMatching(/^daily-\d{4}-\d\d-\d\d$/),
        papers: expect.any(Number),
        subject: expect.any(String),
        htmlBytes: Buffer.byteLength(html),
        textBytes: expect.any(Number),
      },
      deliveries: { planned: 3, sent: 3, failed: 0, suppressed: 0, unknown: 0 },
      seconds: expect.any(Number),
    });
    expect(result.digest.papers).toBeGreaterThan(0);
    expect(html).toMatch(/<html/i);
    expect(steps).toHaveLength(6);
    expect(warnings).toEqual([]);
    // [No secret in a log](docs/invariants.md#12): the functions logged what they did, but no address and no token.
    expect(log.length).toBeGreaterThan(0);
    expect(log.join('\n')).not.toMatch(/@example\.com|[A-Z]k1\./);
  },
  systemTimeout,
);
