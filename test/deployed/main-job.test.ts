import { randomInt } from 'node:crypto';
import { GetFunctionEventInvokeConfigCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DeleteMessageCommand, GetQueueUrlCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sourcesPort, useEmulator } from '../../infra/emulator.ts';
import { ensureKeyRing } from '../../infra/keys.ts';
import { type LocalSources, startSources } from '../../local/sources.ts';
import { bounceRecord } from '../feedback/fixtures.ts';
import { until } from '../support/until.ts';
import { forgetDigests } from './digests.ts';
import { type Call, call, readOutputs } from './gateway.ts';
import { type Mailbox, openMailbox } from './mailbox.ts';
import { createTimers, type Timer } from './timers.ts';

/*
 * The main job against the deployed stack, from outside only: its timers, its HTTP API, and the mails that it sends. The
 * sources of papers are on this machine. Every run has readers and papers of its own, so that it can be run again on the
 * same deployment. The emulator reports nothing of the mails that it takes, so the bounce is published as SES would do it.
 */

// Digits: letters could be a name of TeX, which titles have resolved.
const run = String(1e9 + randomInt(1e9));
const reader = `reader-${run}@example.org`;
const gone = `gone-${run}@example.org`;
/** Days of this run alone, for what an operator does. */
const ownDay = (from: number) => new Date(Date.UTC(2000, 0, 1 + from + randomInt(10_000))).toISOString().slice(0, 10);

const newYork = (at: number) => {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: 'America/New_York',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: string) => parts.find(each => each.type === type)?.value ?? '';
  return { day: `${part('year')}-${part('month')}-${part('day')}`, hour: Number(part('hour')) };
};
const hour = 3_600_000;
const now = newYork(Date.now());
/** Readers have the hour that it is in New York, so that their mail is due: the digest that came out last. */
const preferences = { timeZone: 'America/New_York', sendHour: now.hour };
const digestDay = now.hour < 23 ? newYork(Date.now() - 24 * hour).day : now.day;
const digestId = `daily-${digestDay}`;

const abstract = 'We measure on three data sets how much of the gain remains, and find that most of it does. '.repeat(
  3,
);
const titlesOf = (day: string) => [`Small Models for Long Letters of ${day}`, `Counting What Was Sent on ${day}`];
const newTitle = `A Paper That Came in by the Timer ${run}`;
const newId = `${now.day.slice(2, 4)}${now.day.slice(5, 7)}.${10_000 + randomInt(89_999)}`;

/** An item of Hugging Face's daily papers. */
function item(id: string, title: string, day: string) {
  const at = `${day}T00:00:00.000Z`;
  const paper = { id, title, summary: abstract, authors: [], upvotes: 3, publishedAt: at, submittedOnDailyAt: at };
  return { title, paper };
}

/** The papers that Hugging Face features: on the day of the digest the same in every run, on all others this run's paper. */
function featured(day: string): unknown[] {
  if (day !== digestDay) return [item(newId, newTitle, day)];
  const month = day.slice(2, 4) + day.slice(5, 7);
  return titlesOf(day).map((title, index) => item(`${month}.${day.slice(8)}00${index + 1}`, title, day));
}

async function admin(path: string, options: Call = {}) {
  const answer = await call(`/v1/admin${path}`, { signed: true, ...options });
  return { status: answer.status, body: JSON.parse(answer.text) };
}

async function get(path: string) {
  return JSON.parse((await call(path)).text);
}

/** The link to `page` in a mail's text, as mailed. */
function linkIn(mail: Email, page: string): URL {
  const link = mail.text?.match(new RegExp(`https?://\\S+${page}\\?token=[\\w.-]+`))?.[0];
  if (!link) throw new Error(`There is no link to ${page} in the mail "${mail.subject}".`);
  return new URL(link);
}

function headerOf(mail: Email, name: string): string {
  return mail.headers.find(({ key }) => key === name)?.value ?? '';
}

/** As an operator: ingests a day's papers, makes its digest and asks for it to be sent to everybody. */
async function publishAndSend(day: string): Promise<string> {
  const text = `Daily Papers\n\n${titlesOf(day)
    .map(title => `${title}\n\n${abstract}`)
    .join('\n\n')}\n`;
  const ingested = await admin('/ingestions', { method: 'POST', json: { source: 'page', day, text } });
  expect(ingested).toMatchObject({ status: 200, body: { read: 2, stored: 2, rejected: [] } });
  const digest = await admin('/digests', { method: 'POST', json: { date: day } });
  expect(digest).toMatchObject({ status: 201, body: { id: `daily-${day}`, status: 'ready', papers: 2 } });
  expect((await admin(`/digests/daily-${day}/send`, { method: 'POST' })).status).toBe(202);
  return `daily-${day}`;
}

/** The counts of a digest once it was planned and every batch of it has ended. */
async function countsOf(id: string) {
  const read = async () => {
    const { body } = await admin(`/digests/${id}`);
    return body.plannedAt && body.openBatches === 0 ? body.counts : undefined;
  };
  return until(`the digest ${id} is not through`, read, 30);
}

describe('the deployed stack', () => {
  let mailbox: Mailbox;
  let sources: LocalSources;
  let timers: ReturnType<typeof createTimers>;
  let all: Timer[] = [];
  const fired: string[] = [];
  let digestMail: Email;

  /** Has a timer of the stack fired. @returns what its function logged */
  async function fire(name: string): Promise<string> {
    const timer = all.find(each => each.name === name);
    if (!timer) throw new Error(`The deployment has no timer ${name}.`);
    fired.push(name);
    const text = await timers.fire(timer);
    expect(text).not.toMatch(/UnknownEventError|"level":"ERROR"/);
    return text;
  }

  beforeAll(async () => {
    const outputs = readOutputs();
    useEmulator();
    mailbox = await openMailbox();
    sources = await startSources({ huggingFace: featured }, sourcesPort);
    timers = createTimers('daily-papers-dev-');
    all = await timers.list();
    // The one timer that would change the outcome if it came by itself in between.
    for (const timer of all) if (timer.name === 'publish-digest') await timers.enable(timer, false);
    await forgetDigests(outputs['daily-papers-dev-data'].DigestsTableName);
  });
  afterAll(async () => {
    for (const timer of all) if (timer.name === 'publish-digest') await timers.enable(timer, true);
    await sources?.stop();
    await mailbox?.close();
  });

  test('takes papers in when its timer fires, and finds them', async () => {
    await fire('ingest-papers');
    const paper = await get(`/v1/papers/${newId}`);
    expect(paper).toMatchObject({ id: newId, title: newTitle, sources: ['hugging-face'] });
    expect((await get(`/v1/papers?date=${paper.day}`)).papers).toContainEqual(expect.objectContaining({ id: newId }));
    await fire('index-papers');
    expect((await get(`/v1/papers/search?q=${run}`)).papers).toEqual([expect.objectContaining({ id: newId })]);
    expect(await fire('snapshot-counts')).toMatch(/Took a snapshot of the counts/);
    expect(await get(`/v1/papers/${newId}/ranking`)).toMatchObject({ paperId: newId });
  });

  test('makes active subscribers of those who ask, open the link as mailed and press the button', async () => {
    for (const email of [reader, gone]) {
      const asked = await call('/v1/subscriptions', { method: 'POST', json: { email, preferences } });
      expect(asked.status).toBe(202);
      expect(JSON.parse(asked.text)).toEqual({ status: 'confirmation_sent' });

      const { origin, pathname, search } = linkIn(await mailbox.take(email), '/subscriptions/confirm');
      const { ApiUrl, PublicUrl } = readOutputs()['daily-papers-dev-service'];
      expect([origin, origin]).toEqual([PublicUrl, ApiUrl]);
      const page = await call(pathname + search);
      expect(page.status).toBe(200);
      expect(page.headers['content-type']).toMatch('text/html');
      expect((await call(pathname + search, { method: 'POST' })).status).toBe(200);
    }
  });

  test('makes the digest that is due when its timer fires, and sends it because another one plans it', async () => {
    // The timer reads the present day alone: the papers of the day before come in as for a new deployment.
    const day = digestDay;
    const ingested = await admin('/ingestions', { method: 'POST', json: { source: 'hugging-face', day } });
    expect(ingested).toMatchObject({ status: 200, body: { read: 2, rejected: [] } });

    await fire('publish-digest');
    expect(await get(`/v1/digests/${digestId}`)).toMatchObject({ id: digestId });
    expect([mailbox.count(reader), mailbox.count(gone)]).toEqual([0, 0]);

    await fire('plan-deliveries');
    digestMail = await mailbox.take(reader);
    for (const title of titlesOf(day)) {
      expect(digestMail.text).toContain(title);
      expect(digestMail.html).toContain(title);
    }
    const counts = await countsOf(digestId);
    expect(counts).toMatchObject({ planned: 2, sent: 2, failed: 0, suppressed: 0, unknown: 0 });
    await mailbox.take(gone);
  });

  test('mails nobody twice when its timers fire again', async () => {
    await fire('publish-digest');
    await fire('plan-deliveries');
    expect(await countsOf(digestId)).toMatchObject({ planned: 2, sent: 2 });
    expect([mailbox.count(reader), mailbox.count(gone)]).toEqual([0, 0]);
  });

  test('looks for records about subscribers whose time after leaving is over', async () => {
    expect(await fire('expire-subscribers')).toMatch(/Erased what was kept about subscribers who left long ago/);
  });

  test('has no timer that was not fired here', () => {
    expect(new Set(fired)).toEqual(new Set(all.map(({ name }) => name)));
    for (const { schedule } of all) expect(schedule.Target?.Input).toMatch(/^\{"timer":"[a-z-]+"\}$/);
  });

  test('takes in what SES reports to the topic', async () => {
    const bounced = async () => (await admin(`/digests/${digestId}/feedback`)).body.total.bounced;
    const before = await bounced();
    const tags = { digest: digestId };
    const record = bounceRecord('Permanent', 'General', { to: gone, at: Date.now(), messageId: run, tags });
    const TopicArn = readOutputs()['daily-papers-dev-service'].FeedbackTopicArn;
    const Subject = 'Amazon SES Email Event Notification';
    await new SNSClient({}).send(new PublishCommand({ TopicArn, Subject, Message: JSON.stringify(record) }));
    await until('the bounce was not counted', async () => (await bounced()) === before + 1, 30);
  });

  test('stops mailing after a hard bounce, and after the one-click unsubscribe of the mail client', async () => {
    expect(headerOf(digestMail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const { pathname, search } = new URL(headerOf(digestMail, 'list-unsubscribe').replace(/^<|>$/g, ''));
    const answer = await call(pathname + search, {
      method: 'POST',
      body: headerOf(digestMail, 'list-unsubscribe-post'),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(answer.status).toBe(200);

    const counts = await countsOf(await publishAndSend(ownDay(0)));
    expect(counts).toMatchObject({ planned: counts.sent, failed: 0, suppressed: 0, unknown: 0 });
    expect([mailbox.count(reader), mailbox.count(gone)]).toEqual([0, 0]);
  });

  test('leaves an event that a function does not know in its dead-letter queue, by its kind alone', async () => {
    const [lambda, sqs] = [new LambdaClient({}), new SQSClient({})];
    const FunctionName = 'daily-papers-dev-ingest-papers';
    const { DestinationConfig } = await lambda.send(
      new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier: '$LATEST' }),
    );
    const QueueName = DestinationConfig?.OnFailure?.Destination?.split(':').at(-1);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const Payload = JSON.stringify({ to: reader });
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
    const receive = async () => {
      const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      return Messages?.find(({ Body }) => Body?.includes(reader));
    };
    const { Body = '', ReceiptHandle } = await until('no dead letter came', receive, 60);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    const { requestContext, requestPayload, responsePayload } = JSON.parse(Body);
    expect(requestContext).toMatchObject({ condition: 'RetriesExhausted', approximateInvokeCount: 3 });
    expect(requestPayload).toEqual({ to: reader });
    expect(responsePayload.errorMessage).toContain('ingest-papers does not know an object with to');
    expect(JSON.stringify(responsePayload)).not.toContain(reader);
  });

  test('answers bad input with problem details', async () => {
    const problems = await Promise.all([
      call('/v1/subscriptions', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }),
      call('/v1/subscriptions', { method: 'POST', json: { email: 'nobody' } }),
      call('/v1/subscriptions/confirm', { method: 'POST', json: { token: 'v1.none' } }),
      call('/v1/nothing-here%3Fand%23more'),
      call('/v1/papers/search?q=a%20b&q=c'),
      call('/v1/admin/digests', { method: 'POST', signed: true, json: { date: 'tomorrow' } }),
    ]);
    expect(problems.map(problem => problem.status)).toEqual([400, 400, 400, 404, 400, 400]);
    for (const problem of problems) {
      expect(problem.headers['content-type']).toMatch('application/problem+json');
      expect(JSON.parse(problem.text)).toMatchObject({ status: problem.status, detail: expect.any(String) });
    }
  });

  test('lets nobody without a signature at the admin routes', async () => {
    const answer = await call('/v1/admin/digests', { method: 'POST', json: { date: digestDay } });
    expect(answer.status).toBe(403);
  });

  test('keeps its keys when it is deployed again', async () => {
    expect(await ensureKeyRing(new SSMClient({}), '/daily-papers/dev/keys')).toBe(false);
  });
});
