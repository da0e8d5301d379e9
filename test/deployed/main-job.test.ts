import { randomInt } from 'node:crypto';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Email } from 'postal-mime';
import { useEmulator } from '../../infra/emulator.ts';
import { ensureKeyRing } from '../../infra/keys.ts';
import { createFeedbackCounter } from '../../shared/feedback/counts.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { bounceRecord } from '../feedback/fixtures.ts';
import { until } from '../support/until.ts';
import { type Call, call, readOutputs } from './gateway.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';

/*
 * The main job against the deployed stack. Links in mails begin with the API's own address, a name that not every machine
 * resolves: their path and query are taken to the API. Every run has a reader, papers and days of its own, so
 * that it can be run again on the same deployment.
 */

const run = randomInt(1e9).toString(36);
const reader = `reader-${run}@example.org`;
const gone = `gone-${run}@example.org`;
const firstDay = dayOf(randomInt(10_000));
const secondDay = dayOf(10_000 + randomInt(10_000));

function dayOf(daysAfter2000: number): string {
  return new Date(Date.UTC(2000, 0, 1 + daysAfter2000)).toISOString().slice(0, 10);
}

function pageText(day: string): string {
  const abstract = 'We measure on three data sets how much of the gain remains, and find that most of it does. '.repeat(
    3,
  );
  const titles = [`Small Models for Long Letters ${run}`, `Counting What Was Sent ${run}`];
  const papers = titles.map(title => `${title} of ${day}\n\n${abstract}`);
  return `Daily Papers\n\nby AK and the research community\n\n${papers.join('\n\n')}\n`;
}

async function admin(path: string, options: Call = {}) {
  const answer = await call(`/v1/admin${path}`, { signed: true, ...options });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

/** Path and query of the link to `page` in a mail's text. */
function linkIn(mail: Email, page: string): string {
  const link = mail.text?.match(new RegExp(`https?://\\S+${page}\\?token=[\\w.-]+`))?.[0];
  if (!link) throw new Error(`There is no link to ${page} in the mail "${mail.subject}".`);
  const { pathname, search } = new URL(link);
  return pathname + search;
}

/** Ingests a day's papers, makes its digest and asks for it to be sent. */
async function publishAndSend(day: string): Promise<string> {
  const ingested = await admin('/ingestions', { method: 'POST', json: { source: 'page', day, text: pageText(day) } });
  expect(ingested).toMatchObject({ status: 200, body: { read: 2, stored: 2, rejected: [] } });
  const digest = await admin('/digests', { method: 'POST', json: { date: day } });
  expect(digest).toMatchObject({ status: 201, body: { id: `daily-${day}`, status: 'ready', papers: 2 } });
  const sending = await admin(`/digests/daily-${day}/send`, { method: 'POST' });
  expect(sending.status).toBe(202);
  return `daily-${day}`;
}

/** The counts of a digest once it was planned and every batch of it has ended. */
async function countsOf(digestId: string) {
  const read = async () => {
    const { body } = await admin(`/digests/${digestId}`);
    return body.plannedAt && body.openBatches === 0 ? body.counts : undefined;
  };
  return until(`the digest ${digestId} is not through`, read, 30);
}

/** Reports a hard bounce as SES does: MiniStack doesn't by itself. */
async function reportBounce(address: string, digestId: string): Promise<void> {
  const tags = { digest: digestId };
  const record = bounceRecord('Permanent', 'General', { to: address, at: Date.now(), messageId: run, tags });
  const TopicArn = readOutputs()['daily-papers-dev-service'].FeedbackTopicArn;
  await new SNSClient({}).send(new PublishCommand({ TopicArn, Message: JSON.stringify(record) }));
}

describe('the deployed stack', () => {
  let mailbox: Mailbox;
  let digestMail: Email;

  beforeAll(async () => {
    useEmulator();
    mailbox = await openMailbox();
  });
  afterAll(() => mailbox?.close());

  test('makes active subscribers of those who ask, open the mailed link and press the button', async () => {
    for (const email of [reader, gone]) {
      const asked = await call('/v1/subscriptions', { method: 'POST', json: { email } });
      expect(asked.status).toBe(202);
      expect(JSON.parse(asked.text)).toEqual({ status: 'confirmation_sent' });

      const link = linkIn(await mailbox.take(email), '/subscriptions/confirm');
      const page = await call(link);
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toMatch('text/html');

      const pressed = await call(link, { method: 'POST' });
      expect(pressed.status).toBe(200);
    }
  });

  test('sends the digest of the ingested papers to the subscribers', async () => {
    const digestId = await publishAndSend(firstDay);
    digestMail = await mailbox.take(reader);
    expect(digestMail.text).toContain(`Small Models for Long Letters ${run}`);
    expect(digestMail.html).toContain(`Counting What Was Sent ${run}`);

    const counts = await countsOf(digestId);
    expect(counts.sent).toBeGreaterThanOrEqual(2);
    expect(counts).toMatchObject({ planned: counts.sent, failed: 0, suppressed: 0, unknown: 0 });
    await mailbox.take(gone);
    expect([mailbox.count(reader), mailbox.count(gone)]).toEqual([0, 0]);
  });

  test('takes in what SES reports to the topic', async () => {
    const digestId = `daily-${firstDay}`;
    const counter = createFeedbackCounter(createDynamoDB(), readOutputs()['daily-papers-dev-data'].DigestsTableName);
    const { bounced: before } = await counter.read(digestId);
    await reportBounce(gone, digestId);
    const counted = async () => (await counter.read(digestId)).bounced === before + 1 || undefined;
    await until('the bounce was not counted', counted, 30);
  });

  test('stops mailing after a hard bounce, and after the one-click unsubscribe of the mail client', async () => {
    const header = (name: string) => digestMail.headers.find(({ key }) => key === name)?.value ?? '';
    expect(header('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const { pathname, search } = new URL(header('list-unsubscribe').replace(/^<|>$/g, ''));

    const answer = await call(pathname + search, {
      method: 'POST',
      body: header('list-unsubscribe-post'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);

    const counts = await countsOf(await publishAndSend(secondDay));
    expect(counts).toMatchObject({ planned: counts.sent, failed: 0, suppressed: 0, unknown: 0 });
    expect([mailbox.count(reader), mailbox.count(gone)]).toEqual([0, 0]);
  });

  test('answers bad input with problem details', async () => {
    const problems = await Promise.all([
      call('/v1/subscriptions', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
      call('/v1/subscriptions', { method: 'POST', json: { email: 'nobody' } }),
      call('/v1/subscriptions/confirm', { method: 'POST', json: { token: 'v1.none' } }),
      call('/v1/nothing-here'),
      call('/v1/admin/digests', { method: 'POST', signed: true, json: { date: 'tomorrow' } }),
    ]);
    expect(problems.map(problem => problem.status)).toEqual([400, 400, 400, 404, 400]);
    for (const problem of problems) {
      expect(problem.headers['content-type']).toMatch('application/problem+json');
      expect(JSON.parse(problem.text)).toMatchObject({ status: problem.status, detail: expect.any(String) });
    }
  });

  test('lets nobody without a signature at the admin routes', async () => {
    const answer = await call('/v1/admin/digests', { method: 'POST', json: { date: firstDay } });
    expect(answer.status).toBe(403);
  });

  test('keeps its keys when it is deployed again', async () => {
    expect(await ensureKeyRing(new SSMClient({}), '/daily-papers/dev/keys')).toBe(false);
  });
});
