import { expect, test } from 'vitest';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { isProvider, mailboxOf, ownedDomain } from '../../shared/subscribers/providers.ts';

test.each([
  ['gmail.com', ['a.b@gmail.com', 'ab@gmail.com', 'AB+x@googlemail.com', 'a.b+c+d@GMAIL.com', 'ab+@gmail.com']],
  ['yahoo.com', ['name@yahoo.com', 'name-shop@yahoo.com', 'name+x@yahoo.com', 'name-a-b@yahoo.com']],
  ['fastmail.com', ['name@fastmail.com', 'name+a@fastmail.com', 'anything@name.fastmail.com', 'x+y@name.fastmail.com']],
  ['fastmail.fm', ['name@fastmail.fm', 'news@name.fastmail.fm']],
  ['icloud.com', ['name@icloud.com', 'name@me.com', 'name+a@mac.com']],
  ['proton.me', ['first.last@proton.me', 'firstlast@protonmail.com', 'first-last@pm.me', 'first_last+a@protonmail.ch']],
  ['yandex.ru', ['first.last@yandex.ru', 'first-last@ya.ru', 'firstlast+a@yandex.com']],
  ['outlook.com', ['name@outlook.com', 'name+a@outlook.com']],
  ['mozmail.com', ['shop@name.mozmail.com', 'other+a@name.mozmail.com']],
  ['aleeas.com', ['shop@name.aleeas.com', 'other@name.aleeas.com']],
  ['example.org', ['name@example.org', 'name+a@example.org', 'n.ame@example.org']],
])('variants of a mailbox at %s are one', (domain, variants) => {
  const mailboxes = variants.map(variant => {
    const parsed = parseAddress(variant);
    return parsed.ok ? parsed.address.abuseKey : parsed.reason;
  });
  expect(new Set(mailboxes).size).toBe(1);
  expect(mailboxes[0]).toMatch(new RegExp(`@${domain}$`));
});

test.each([
  // At other providers, hyphens and subdomains make the address of another reader.
  ['mary-jane@example.org', 'mary@example.org'],
  ['name@yahoo.com', 'name@yahoo.de'],
  ['a@name.example.org', 'name@example.org'],
  ['name@gmail.com', 'name@gmail.org'],
  ['one@outlook.com', 'one@hotmail.com'],
  ['-shop@yahoo.com', '@yahoo.com'],
])('%s is not %s', (one, other) => {
  expect(mailboxOf(one)).not.toBe(mailboxOf(other));
});

test('a name that is all signs stays one', () => {
  expect(mailboxOf('+a@gmail.com')).toBe('+a@gmail.com');
  expect(mailboxOf('--@proton.me')).toBe('--@proton.me');
});

test.each([
  ['mail.lab.example.co.uk', 'example.co.uk'],
  ['a.b.c.example.org', 'example.org'],
  ['example.org', 'example.org'],
  ['xn--bcher-kva.example.com', 'example.com'],
  ['localhost', 'localhost'],
])('%s is below %s', (domain, owned) => {
  expect(ownedDomain(domain)).toBe(owned);
});

test('providers are known', () => {
  for (const domain of ['gmail.com', 'yahoo.co.jp', 'outlook.com', 'qq.com', 'gmx.de'])
    expect(isProvider(domain)).toBe(true);
  for (const domain of ['example.org', 'name.fastmail.com', 'evil.gmail.com']) expect(isProvider(domain)).toBe(false);
});
