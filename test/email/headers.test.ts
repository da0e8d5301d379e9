import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { createDigestComposer } from '../../shared/email/message.ts';
import { joinPieces } from '../../shared/email/pieces.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { verifyToken } from '../../shared/subscribers/tokens.ts';
import { silentLogger } from '../support/deliveries.ts';
import { readerOf } from '../support/readers.ts';
import { sampleDigest, samplePaper } from './sample.ts';

const keys = createKeyRing();
const now = 1_795_500_000_000;
const reader = readerOf(keys, 'reader@example.org');

async function headersOf(identity: { unsubscribeAddress?: string; replyTo?: string }, to = reader) {
  const sender = {
    publicUrl: 'https://papers.test',
    senderAddress: 'daily@Papers.test',
    senderName: 'Täglich Papers',
    postalAddress: '1 Long Road, 12345 Sampleton',
  };
  const compose = createDigestComposer(keys, { ...sender, ...identity }, silentLogger);
  const digest = sampleDigest([samplePaper(1)]);
  const shown = digest.papers.map(paper => ({ paper }));
  const raw = joinPieces(await compose(digest, shown, to, now));
  const mail = await PostalMime.parse(raw);
  const value = (name: string) => mail.headers.filter(({ key }) => key === name).map(header => header.value);
  return { mail, value };
}

test('a digest can be left by one click and by a mail, with the same token that its links have', async () => {
  const { mail, value } = await headersOf({ unsubscribeAddress: 'leave@papers.test' });
  const form =
    /^<https:\/\/papers\.test\/subscriptions\/unsubscribe\?token=(.+)>, <mailto:leave@papers\.test\?subject=(.+)>$/;
  const [, one = '', other = ''] = form.exec(value('list-unsubscribe')[0] ?? '') ?? [];
  expect(verifyToken(keys, one, 'unsubscribe', now)).toMatchObject({ ok: true, grant: { subscriberId: reader.id } });
  expect(other).toBe(one);
  expect(mail.text).toContain(one);
  // RFC 3986: nothing in it would have to be escaped.
  expect(one).toMatch(/^[\w.~-]+$/);
  expect(value('list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
});

test('where no mail is read, none is offered', async () => {
  expect((await headersOf({})).value('list-unsubscribe')).toEqual([expect.not.stringContaining('mailto')]);
});

test('a digest names its sender, list, date and archive, and whom complaints are about, once each', async () => {
  const { mail, value } = await headersOf({});
  expect(mail.from).toEqual({ name: 'Täglich Papers', address: 'daily@papers.test' });
  expect(value('list-id')).toEqual(['<daily-papers.papers.test>']);
  expect(value('list-archive')).toEqual(['<https://papers.test/digests/daily-2026-11-23>']);
  expect(value('date')).toEqual([new Date(now).toUTCString().replace('GMT', '+0000')]);
  expect(value('message-id')).toEqual([`<daily-2026-11-23.${reader.id}@papers.test>`]);
  expect(value('feedback-id')).toEqual(['daily-2026-11-23:daily:dailypapers']);
  expect(value('auto-submitted')).toEqual(['auto-generated']);
});

test('answers to a digest go where the stage says, and to the sender where it says nothing', async () => {
  expect((await headersOf({ replyTo: 'answers@papers.test' })).value('reply-to')).toEqual(['answers@papers.test']);
  expect((await headersOf({})).value('reply-to')).toEqual([]);
});

test('the headers that complaints are counted by are the same for every reader', async () => {
  const others = await headersOf({}, readerOf(keys, 'other@example.org'));
  for (const name of ['feedback-id', 'list-id', 'list-archive']) {
    expect(others.value(name)).toEqual((await headersOf({})).value(name));
  }
});
