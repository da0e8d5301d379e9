import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { unsubscribeHeaders } from '../../shared/email/headers.ts';
import { composeMessage } from '../../shared/email/mime.ts';

const message = {
  from: { name: 'Daily Papers', address: 'papers@papers.test' },
  to: 'reader@example.org',
  subject: 'Papers of the day',
  html: '<p>Hello</p>',
  text: 'Hello\n',
  headers: {},
  date: new Date('2026-11-23T06:00:00Z'),
};

async function roundTrip(changes: Partial<Parameters<typeof composeMessage>[0]>) {
  const raw = await composeMessage({ ...message, ...changes });
  return { raw: raw.toString('latin1'), mail: await PostalMime.parse(raw) };
}

const headerOf = (mail: Awaited<ReturnType<typeof roundTrip>>['mail'], name: string) =>
  mail.headers.filter(header => header.key === name).map(header => header.value);

describe('a composed message', () => {
  test('carries sender, recipient, subject, date, text and HTML', async () => {
    const { mail } = await roundTrip({ messageId: '<one@papers.test>' });
    expect(mail.from).toMatchObject(message.from);
    expect(mail.to).toEqual([expect.objectContaining({ address: message.to, name: '' })]);
    expect(mail.subject).toBe(message.subject);
    expect(mail.date).toBe('2026-11-23T06:00:00.000Z');
    expect(mail.messageId).toBe('<one@papers.test>');
    expect(mail.text?.trim()).toBe('Hello');
    expect(mail.html?.trim()).toBe('<p>Hello</p>');
  });

  test.each([
    'Größenordnungen für ℓ₁: naïve Schätzer and 19 more',
    '論文の要約 — 今日の二十本の論文と、そのほかのたくさんの面白い研究について',
    '🧪 = ?_ =?utf-8?Q?not_encoded?=',
    'x'.repeat(300),
  ])('gives the subject back as it was: %s', async subject => {
    const { mail, raw } = await roundTrip({ subject, from: { ...message.from, name: 'Täglich "Papers", Inc.' } });
    expect(mail.subject).toBe(subject);
    expect(mail.from?.name).toBe('Täglich "Papers", Inc.');
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
  });

  test('keeps long lines, dots at line starts, trailing blanks and non-ASCII whole, within the limits of RFC 5322', async () => {
    const text = `.\n..two dots\n.hidden\nFrom here\nblanks  \n${'ü'.repeat(1500)}\n${'a'.repeat(3000)}\n`;
    const html = `<p>${'word '.repeat(900)}</p>\n.\n<p>ℓ₁ = 50 %</p>\n`;
    const { mail, raw } = await roundTrip({ text, html });
    // The line break before a MIME boundary is the boundary's, so one more or less says nothing.
    expect(mail.text?.trimEnd()).toBe(text.trimEnd());
    expect(mail.html?.trimEnd()).toBe(html.trimEnd());
    expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(Math.max(...raw.split('\r\n').map(line => line.length))).toBeLessThanOrEqual(998);
    expect(raw).toMatch(/^[\t\r\n\x20-\x7e]*$/);
    expect(raw.match(/Content-Transfer-Encoding: (quoted-printable|base64)/g)).toHaveLength(2);
  });

  test.each(['a@b.test\r\nBcc: victim@example.org', 'a@b.test, victim@example.org', 'x <victim@example.org>'])(
    'lets an address add no header and no second recipient: %j',
    async to => {
      const { mail } = await roundTrip({ to });
      expect(headerOf(mail, 'bcc')).toEqual([]);
      expect(mail.to).toHaveLength(1);
      expect(mail.to?.[0]?.address).not.toBe('victim@example.org');
    },
  );

  test.each(['one\r\nBcc: victim@example.org', 'ümlaut', '', 'x'.repeat(1000)])(
    'refuses a header that would break it: %j',
    async value => {
      await expect(composeMessage({ ...message, headers: { 'X-Field': value } })).rejects.toThrow('X-Field');
    },
  );
});

describe('the unsubscribe headers of RFC 8058', () => {
  test('come through with an address of 300 characters unbroken on one line', async () => {
    const url = `https://papers.test/subscriptions/unsubscribe?token=v1.k1.${'Az09-_'.repeat(40)}`.padEnd(300, 'x');
    const { mail, raw } = await roundTrip({ headers: unsubscribeHeaders(url, 'token', undefined) });
    expect(url).toHaveLength(300);
    expect(raw.split('\r\n')).toContain(`List-Unsubscribe: <${url}>`);
    expect(headerOf(mail, 'list-unsubscribe')).toEqual([`<${url}>`]);
    expect(headerOf(mail, 'list-unsubscribe-post')).toEqual(['List-Unsubscribe=One-Click']);
  });
});
