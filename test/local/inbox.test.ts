import { readdir } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { type Inbox, startInbox } from '../../local/inbox.ts';
import { PortInUseError } from '../../local/listen.ts';
import { openMailbox } from '../../local/mailbox.ts';
import { inFolder } from '../support/folder.ts';

const mail = (subject: string, body = '1 + 1 & more') =>
  Buffer.from(`From: papers@example.com\r\nTo: jane@example.com\r\nSubject: ${subject}\r\n\r\n${body}`);

let inbox: Inbox;
afterEach(() => inbox?.stop());

const fail = (message: string) => {
  throw new Error(message);
};

test('mails appear in the inbox in their order', async () => {
  inbox = await startInbox(0, fail);
  // The first one takes the inbox longer than those behind it.
  inbox.show(mail('one', 'long '.repeat(600_000)));
  for (const subject of ['two', 'three']) inbox.show(mail(subject));
  await inbox.idle();
  const { emails } = (await (await fetch(`${inbox.url}/store`)).json()) as {
    emails: { subject: string; body: { text: string } }[];
  };
  expect(emails.map(email => email.subject)).toEqual(['one', 'two', 'three']);
  expect(emails[1]?.body.text).toBe('1 + 1 & more');
});

test('a port in use is noticed, and a mail that can not be shown is told', async () => {
  const errors: string[] = [];
  inbox = await startInbox(0, message => errors.push(message));
  await expect(startInbox(Number(new URL(inbox.url).port), fail)).rejects.toThrow(PortInUseError);
  inbox.show(Buffer.from('To: jane@example.com\r\n\r\nnobody sent this'));
  await inbox.idle();
  expect(errors).toHaveLength(1);
});

test('saved mails come back byte for byte, the newest ones, oldest first', async () => {
  await inFolder(async folder => {
    const mailbox = await openMailbox(folder, fail);
    for (const [index, subject] of ['one', 'two', 'three'].entries()) {
      mailbox.save({ messageId: `id-${9 - index}`, at: 1_795_000_000_000 + index, raw: mail(subject) });
    }
    await mailbox.stop();
    expect((await readdir(folder)).every(name => /^[\w.-]+\.eml$/.test(name))).toBe(true);
    const again: Buffer[] = [];
    for await (const raw of (await openMailbox(folder, fail)).newest(2)) again.push(raw);
    expect(again).toEqual([mail('two'), mail('three')]);
  });
});
