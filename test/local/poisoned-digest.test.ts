import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import PostalMime from 'postal-mime';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../local/function-log.ts';
import { healthy } from '../../local/ses/faults.ts';
import type { AcceptedMessage } from '../../local/ses/message.ts';
import type { LocalSystem } from '../../local/system.ts';
import { tableName } from '../../local/tables.ts';
import { createDeliveryRepository } from '../../shared/deliveries/repository.ts';
import { createDynamoDB } from '../../shared/platform/clients.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { createSubscriberRepository, type SubscriberRepository } from '../../shared/subscribers/repository.ts';
import { newYorkDay } from '../../shared/time/day.ts';
import { type } from '../cli/terminal.ts';
import { startQuietSystem } from '../support/local-system.ts';
import { readerOf } from '../support/readers.ts';
import { until } from '../support/until.ts';

/* One bad paper or mail of a digest, from its source to the end of the digest, through the whole system. */

const keys = createKeyRing();
/** The newest day of which there may be a digest, and those before it. */
const days = [0, 1, 2].map(ago => newYorkDay(Date.now() - ago * 86_400_000));
const logged: LogEntry[] = [];
/** Told of each mail that SES takes. */
let onAccepted: (message: AcceptedMessage) => void = () => undefined;
let system: LocalSystem;
let dynamo: ReturnType<typeof createDynamoDB>;
let subscribers: SubscriberRepository;
let present: string[] = [];

const admin = (line: string) => type(line, system.url);

beforeAll(async () => {
  system = await startQuietSystem(
    {
      sources: { huggingFace: date => papersOf(date) },
      environment: { KEYS: JSON.stringify(keys) },
      ses: { onAccepted: message => onAccepted(message) },
    },
    entry => logged.push(entry),
  );
  dynamo = createDynamoDB();
  subscribers = createSubscriberRepository(dynamo, tableName('Subscribers'));
}, 30_000);
afterAll(async () => {
  dynamo.destroy();
  await system.stop();
});
afterEach(async () => {
  system.ses.behave(healthy);
  onAccepted = () => undefined;
  // The readers of one test get no digest of the next.
  for (const id of present) await subscribers.erase(id, Date.now());
  present = [];
});

const idsOf = (day: string) =>
  [1, 2, 3].map(number => `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}00${number}`);
/** The address that a script which knew no repository made up: no mail may hold that link. */
const oddUrl = 'https://github.com/undefined/undefined';

function papersOf(day: string): unknown[] {
  return idsOf(day).map((id, place) => ({
    paper: {
      id,
      title: `Paper ${id}`,
      summary: 'An abstract.',
      authors: [{ name: 'A. Author' }],
      publishedAt: `${day}T00:00:00.000Z`,
      submittedOnDailyAt: `${day}T12:00:00.000Z`,
      upvotes: 30 - place,
      ...(day === days[0] && place === 1 && { githubRepo: oddUrl }),
    },
  }));
}

/** Stores readers of a test, as they would be after their confirmation; fields of what is stored may be odd. */
async function addReaders(readers: Record<string, { address?: string; dateLanguage?: string }>): Promise<void> {
  for (const [name, { address, ...preferences }] of Object.entries(readers)) {
    const reader = readerOf(keys, `${name}@example.org`, preferences);
    await subscribers.put({ ...reader, ...(address && { address }) });
    present.push(reader.id);
  }
}
const readerId = (name: string) => readerOf(keys, `${name}@example.org`).id;

async function publish(day: string) {
  await admin(`papers ingest --source hugging-face --date ${day}`);
  return admin(`digests publish --date ${day}`);
}

interface Shown {
  status: string;
  statusReason?: string;
  counts: Record<string, number>;
}
const show = async (id: string): Promise<Shown> => JSON.parse((await admin(`digests show ${id} --json`)).out);

/** Whether no sender is at work on a batch of the digest. */
async function noLeases(id: string): Promise<boolean> {
  const deliveries = createDeliveryRepository(dynamo, tableName('Deliveries'));
  const heads = await deliveries.getBatchHeads(id, await deliveries.openBatchIds(id));
  return heads.length > 0 && heads.every(head => head.leaseUntil === undefined);
}

/** Lets the time come at which a digest is too old to be sent, and the timer run. */
async function end(id: string): Promise<Shown> {
  await dynamo.send(
    new UpdateCommand({
      TableName: tableName('Digests'),
      Key: { pk: id, sk: 'digest' },
      UpdateExpression: 'SET freshUntil = :past',
      ExpressionAttributeValues: { ':past': Date.now() - 1 },
    }),
  );
  await system.invoke('plan-deliveries', { timer: 'plan-deliveries' });
  return show(id);
}

const mailsOf = (name: string, id: string) =>
  system.ses.messages.filter(({ to, tags }) => to[0] === `${name}@example.org` && tags.digest === id);
const textTo = async (name: string, id: string) => (await PostalMime.parse(mailsOf(name, id)[0]?.raw ?? '')).text ?? '';

test('a link that no mail may hold, and a reader’s mail that is not right, cost themselves, and are named', async () => {
  const [day = ''] = days;
  const id = `daily-${day}`;
  const ids = idsOf(day);
  // Stored with a blank, as of an import long ago: it is not the address that stands in the mail.
  await addReaders({ ann: {}, bob: { address: ' bob@example.org', dateLanguage: 'de' }, cid: {}, dan: {} });

  const published = await publish(day);
  expect(published.out).toContain(`${id}: ready, 3 papers`);

  expect((await admin(`digests send ${id}`)).code).toBe(0);
  const { counts } = await until('all but one to be sent', async () => {
    const digest = await show(id);
    return digest.counts.sent === 3 && digest.counts.failed === 1 ? digest : undefined;
  });
  expect(counts).toMatchObject({ planned: 4, sent: 3, failed: 1, suppressed: 0, unknown: 0 });
  for (const name of ['ann', 'cid', 'dan']) {
    expect([name, mailsOf(name, id).length]).toEqual([name, 1]);
    const text = await textTo(name, id);
    for (const paper of ids) expect(text).toContain(`Paper ${paper}`);
    expect(text).not.toContain('undefined');
  }
  expect(mailsOf('bob', id)).toEqual([]);
  const told = logged.filter(({ json }) => json.includes('A mail did not pass its preflight'));
  expect(told.map(({ json }) => JSON.parse(json))).toEqual([
    expect.objectContaining({ level: 'ERROR', subscriberId: readerId('bob'), faults: ['the header to is wrong'] }),
  ]);
  expect(told[0]?.json).not.toContain('bob@example.org');
  const lost = logged.filter(({ json }) => json.includes('A paper lost links that a mail may not hold'));
  expect(JSON.parse(lost[0]?.json ?? '{}')).toMatchObject({ paperId: ids[1], lost: ['codeUrl'] });

  expect(await end(id)).toMatchObject({ status: 'finished', counts: { planned: 4, sent: 3, failed: 1 } });
});

describe('a paper is taken out, and nobody is sent a digest twice, when it', () => {
  const stops: [string, string, (id: string) => Promise<void>][] = [
    [
      'was halted by itself',
      days[1] ?? '',
      async id => {
        // The account may not send any more while a chunk is under way.
        let taken = 0;
        onAccepted = () => {
          taken += 1;
          if (taken === 2) system.ses.behave({ sendingPaused: true });
        };
        await admin(`digests send ${id}`);
        await until('the digest to halt', async () => (await show(id)).status === 'halted');
      },
    ],
    [
      'was paused by the operator',
      days[2] ?? '',
      async id => {
        let taken = 0;
        system.ses.behave({ faultOf: () => (taken >= 2 ? 'throttle' : undefined) });
        onAccepted = () => {
          taken += 1;
        };
        await admin(`digests send ${id}`);
        await until('two mails', () => taken === 2);
        expect((await admin(`digests pause ${id}`)).code).toBe(0);
      },
    ],
  ];

  test.each(stops)('%s', async (_, day, stop) => {
    const id = `daily-${day}`;
    const names = ['eve', 'fay', 'gus', 'hal', 'ida'];
    await addReaders(Object.fromEntries(names.map(name => [name, {}])));
    const [first = '', bad = '', last = ''] = idsOf(day);
    await publish(day);
    await stop(id);
    // A mail that is under way has the paper, whether SES takes it now or at a second attempt.
    await until('the senders to end', () => noLeases(id), 30);
    const served = names.filter(name => mailsOf(name, id).length > 0);
    expect(served).toHaveLength(2);
    for (const name of served) expect(await textTo(name, id)).toContain(`Paper ${bad}`);

    expect(await admin(`digests drop ${id} ${bad}`)).toMatchObject({ code: 0 });
    system.ses.behave(healthy);
    expect(await admin(`digests resume ${id}`)).toMatchObject({ code: 0 });
    await until('the others', async () => (await show(id)).counts.sent === names.length);
    for (const name of names) {
      expect([name, mailsOf(name, id).length]).toEqual([name, 1]);
      const text = await textTo(name, id);
      for (const paper of [first, last]) expect(text).toContain(`Paper ${paper}`);
      expect([name, text.includes(`Paper ${bad}`)]).toEqual([name, served.includes(name)]);
    }
    expect((await admin(`digests show ${id}`)).out).toContain(`  ${bad} (dropped)`);
    expect(await end(id)).toMatchObject({ status: 'finished', counts: { planned: 5, sent: 5, failed: 0 } });
  });
});
