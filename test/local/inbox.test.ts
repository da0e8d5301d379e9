import { readdir } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { startInbox } from '../../local/inbox.ts';
import { PortInUseError } from '../../local/listen.ts';
import { openMailbox } from '../../local/mailbox.ts';
import { inFolder } from '../support/folder.ts';

const mail = (subject: string) =>
  Buffer.from(`From: papers@example.com\r\nTo: jane@example.com\r\nSubject: ${subject}\r\n\r\n1 + 1 & more`);

const fail = (message: string) => {
  throw new Error(message);
};

test('mails appear in the inbox in their order', async () => {
  const inbox = await startInbox(0, fail);
  for (const subject of ['one', 'two', 'three']) inbox.show(mail(subject));
  await inbox.idle();
  const { emails } = (await (await fetch(`${inbox.url}/store`)).json()) as {
    emails: { subject: string; body: { text: string } }[];
  };
  expect(emails.map(email => email.subject)).toEqual(['one', 'two', 'three']);
  expect(emails[0]?.body.text).toBe('1 + 1 & more');
  await inbox.stop();
});

test('a port in use is noticed, and a mail that can not be shown is told', async () => {
  const errors: string[] = [];
  const inbox = await startInbox(0, message => errors.push(message));
  await expect(startInbox(Number(new URL(inbox.url).port), fail)).rejects.toThrow(PortInUseError);
  inbox.show(Buffer.from('To: jane@example.com\r\n\r\nnobody sent this'));
  await inbox.idle();
  expect(errors).toHaveLength(1);
  await inbox.stop();
});

test('saved mails come back byte for byte, the newest ones, oldest first', async () => {
  await inFolder(async folder => {
    const mailbox = await openMailbox(folder, fail);
    for (const [index, subject] of ['one', 'two', 'three'].entries()) {
      mailbox.save({ messageId: `id-${9 - index}`, at: 1_795_000_000_000 + index, raw: mail(subject) });
    }
    await mailbox.idle();
    expect((await readdir(folder)).every(name => /^[\w.-]+\.eml$/.test(name))).toBe(true);
    const again: Buffer[] = [];
    for await (const raw of (await openMailbox(folder, fail)).newest(2)) again.push(raw);
    expect(again).toEqual([mail('two'), mail('three')]);
  });
});
