import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../shared/subscribers/address.ts';
import { depth } from '../support/depth.ts';

describe('an address that can be delivered to', () => {
  test.each<[string, string, string]>([
    ['name@example.org', 'name@example.org', 'name@example.org'],
    ['  Name.Surname+tag@Example.ORG ', 'Name.Surname+tag@example.org', 'name.surname+tag@example.org'],
    ['o’hara@example.org'.replace('’', "'"), "o'hara@example.org", "o'hara@example.org"],
    ['name@bücher.example', 'name@xn--bcher-kva.example', 'name@xn--bcher-kva.example'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    ...['\t', '\n', '\r\n', '\u00a0', '\u3000', '\u200b', '\ufeff', '\u202a\u2069'].map(
      around =>
        [`${around}name@example.org${around}`, 'name@example.org', 'name@example.org'] as [string, string, string],
    ),
  ])(
    '%j is kept as typed, without what was pasted along, and identified in lower case',
    (typed, delivery, identity) => {
      expect(parseAddress(typed)).toEqual({ ok: true, address: { delivery, identity, abuseKey: expect.any(String) } });
    },
  );
});

test.each([
  ['First.Last+news@Example.org', 'firstlast@example.org'],
  ['a.b.c+x+y@example.org', 'abc@example.org'],
  ['+tag@example.org', '+tag@example.org'],
  ['name@sub.example.org', 'name@sub.example.org'],
])('variants of one mailbox share an abuse key: %s', (typed, abuseKey) => {
  expect(parseAddress(typed)).toMatchObject({ address: { abuseKey } });
});

describe('an address that is refused with a reason', () => {
  test.each([
    ['', 'Give an e-mail address'],
    ['name', 'looks like'],
    ['@example.org', 'looks like'],
    ['name@', 'looks like'],
    ['"quoted name"@example.org', 'Quoted names'],
    ['jörg@example.org', 'unaccented'],
    ['name@example.org\r\nBcc: victim@example.org', 'control character'],
    ['na\u202eme@example.org', 'control character'],
    ['name(comment)@example.org', 'bare address'],
    ['Name <name@example.org>', 'bare address'],
    ['one@example.org,two@example.org', 'bare address'],
    ['name@[127.0.0.1]', 'bare address'],
    ['na..me@example.org', 'dots'],
    ['.name@example.org', 'dots'],
    ['two words@example.org', 'unaccented'],
    ['name@localhost', 'full domain name'],
    ['name@127.0.0.1', 'not a valid domain'],
    ['name@-example.org', 'not a valid domain'],
    ['name@exa mple.org', 'not a valid domain'],
    ['name@example..org', 'not a valid domain'],
    [`${'a'.repeat(65)}@example.org`, 'longer than 64'],
    [`name@${'a'.repeat(64)}.org`, 'not a valid domain'],
    [`${'a'.repeat(60)}@${'b.'.repeat(97)}example.org`, 'longer than 254'],
  ])('%j', (typed, reason) => {
    const result = parseAddress(typed);
    expect(result).toEqual({ ok: false, reason: expect.stringContaining(reason) });
  });
});

test('the answer to any typed text is a reason or an address of safe ASCII', () => {
  const parts = fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), fc.constantFrom('@', '.', '\r\n', '"', 'ß'));
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 4 }), typed => {
      const result = parseAddress(typed.join(''));
      if (!result.ok) return result.reason.length > 10;
      return /^[!-~]+@[a-z0-9.-]+$/.test(result.address.delivery) && result.address.delivery.length <= 254;
    }),
    { numRuns: depth(5_000, 800) },
  );
});
