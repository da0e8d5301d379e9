import { describe, expect, test } from 'vitest';
import { confirmationMail, newAddressMail } from '../../shared/email/confirmation-mail.tsx';
import { activeOrRemote, linksOf, wordsOf } from './sample.ts';

describe('the confirmation mail', () => {
  const confirmUrl = `https://papers.test/subscriptions/confirm?token=v1.k1.confirm.${'Ab-_'.repeat(40)}`;
  const identity = {
    publicUrl: 'https://papers.test',
    senderName: 'Daily Papers',
    postalAddress: '1 Long Road, 12345 Sampleton',
  };
  const rhythm = { frequency: 'weekly', sendHour: 6, timeZone: 'Europe/Kyiv' } as const;
  const titles = ['First of <today>', 'Second', 'Third'];
  const newest = { date: '2026-11-27', titles };
  const mail = confirmationMail({ ...identity, confirmUrl, rhythm, newest });

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

  test('names the rhythm that was chosen, and shows three titles of today', () => {
    for (const part of [wordsOf(mail.html), mail.text]) {
      expect(part).toContain('worth reading, every Monday at 06:00, Kyiv time.');
      expect(part).toContain('Among the papers of Friday, November 27, 2026:');
      for (const title of titles) expect(part).toContain(title);
    }
  });

  test('says nothing of papers when there are none', () => {
    const without = confirmationMail({ ...identity, confirmUrl, rhythm, newest: undefined });
    for (const part of [wordsOf(without.html), without.text]) expect(part).not.toMatch(/Among|undefined/);
  });

  test('is another mail for a change of address, which it says to be one', () => {
    const change = newAddressMail({ ...identity, confirmUrl });
    expect(change.subject).toBe('Please confirm your new address for Daily Papers');
    expect(linksOf(change.html)).toEqual([confirmUrl, confirmUrl]);
    for (const part of [wordsOf(change.html), change.text]) {
      expect(part).toContain('It is a change of address, not a new subscription');
      expect(part).toContain('Until you press it, the mails go on to the old address.');
      expect(part).toContain('valid for 48 hours');
      expect(part).not.toMatch(/Confirm my subscription|Among/);
    }
  });

  test('begins its footer with the line by which mail clients know a signature', () => {
    expect(mail.text).toContain('\n\n-- \nDaily Papers\nhttps://papers.test\n');
  });

  test('runs nothing, shows no pictures, fetches nothing and is small', () => {
    expect(mail.html).not.toMatch(activeOrRemote);
    expect(Buffer.byteLength(mail.html)).toBeLessThan(10_000);
  });
});
