import { describe, expect, test } from 'vitest';
import { confirmationMail } from '../../shared/email/confirmation-mail.tsx';
import { activeOrRemote, linksOf, wordsOf } from './sample.ts';

describe('the confirmation mail', () => {
  const confirmUrl = `https://papers.test/subscriptions/confirm?token=v1.k1.confirm.${'Ab-_'.repeat(40)}`;
  const mail = confirmationMail({
    confirmUrl,
    publicUrl: 'https://papers.test',
    senderName: 'Daily Papers',
    postalAddress: '1 Long Road, 12345 Sampleton',
  });

  test('links to nothing but the confirmation page, by a button and as a copy', () => {
    expect(linksOf(mail.html)).toEqual([confirmUrl, confirmUrl]);
    expect(mail.text).toContain(`\n${confirmUrl}\n`);
  });

  test('says the same in both parts: who asks, how long the link works, what happens to strangers', () => {
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain('papers.test');
      expect(part).toContain('valid for 48 hours');
      expect(part).toContain('ignore this mail. Nothing more will be sent, and the unconfirmed request vanishes');
      expect(part).toContain('1 Long Road, 12345 Sampleton');
    }
    expect(mail.subject).toBe('Please confirm your subscription to Daily Papers');
  });

  test('runs nothing, shows no pictures, fetches nothing and is small', () => {
    expect(mail.html).not.toMatch(activeOrRemote);
    expect(Buffer.byteLength(mail.html)).toBeLessThan(10_000);
  });
});
