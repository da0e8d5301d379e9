import { SESClient } from '@aws-sdk/client-ses';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampleDigest } from '../../local/sample-digest.ts';
import { type LocalSes, startSes } from '../../local/ses/ses.ts';
import { confirmationMail } from '../../shared/email/confirmation-mail.tsx';
import { senderOf } from '../../shared/email/identity.ts';
import { createDigestComposer } from '../../shared/email/message.ts';
import { composeMessage } from '../../shared/email/mime.ts';
import { createMailSender, type SendMail } from '../../shared/email/ses.ts';
import { type Address, parseAddress } from '../../shared/subscribers/address.ts';
import { createKeyRing } from '../../shared/subscribers/keys.ts';
import { clientOptions } from '../support/clients.ts';
import { identity, silentLogger } from '../support/deliveries.ts';
import { depth } from '../support/depth.ts';
import { readerOf } from '../support/readers.ts';

/* Every address that can sign up can be written to: each accepted one goes into a mail, and through SES, unchanged. */

const runs = depth(20_000, 150);

let ses: LocalSes;
let client: SESClient;
let send: SendMail;
beforeAll(async () => {
  ses = await startSes({ behaviour: { ratePerSecond: 1e9, dailyQuota: 1e9 } });
  client = new SESClient({ ...clientOptions, endpoint: ses.endpoint, maxAttempts: 1 });
  send = createMailSender(client, '');
});
afterAll(async () => {
  client.destroy();
  await ses.stop();
});

const atext = [..."abcXYZ019!#$%&'*+/=?^_`{|}~-"];
/** Looks like something else to a program that reads a header, or a template. */
const tricks = [
  '=?utf-8?Q?=7Bx=7D?=',
  '=?utf-8?b?eA==?=',
  '=',
  '{x}',
  'null',
  'NaN',
  'undefined',
  '=3D',
  '%40',
  'a=2Cb',
  '--',
  "''",
  '=\u003f',
];
const atom = fc.oneof(
  fc.array(fc.constantFrom(...atext), { minLength: 1, maxLength: 64 }).map(characters => characters.join('')),
  fc.constantFrom(...tricks),
);
const local = fc.array(atom, { minLength: 1, maxLength: 4 }).map(atoms => atoms.join('.'));
const label = fc.oneof(
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/),
  fc.constantFrom(
    'bücher',
    '例え',
    'xn--bcher-kva',
    'ﬀ',
    'ß',
    'مثال',
    'a'.repeat(63),
    'İ',
    '１２３',
    'ＡＢＣ',
    '😀',
    'faß',
    '\u0301a',
    'a\u200cb',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }),
);
const domain = fc.array(label, { minLength: 1, maxLength: 5 }).map(labels => labels.join('.'));
const around = fc.constantFrom('', ' ', '\t', '\u200b', '\r\n');
const typed = fc
  .tuple(around, local, domain, around)
  .map(([before, name, host, after]) => `${before}${name}@${host}${after}`);

/** Sends a message. Its recipient must be the address, as a mail server and as a mail client read it. */
async function sendTo({ delivery }: Address, raw: Parameters<SendMail>[0]['raw']): Promise<void> {
  const outcome = await send({ from: identity.senderAddress, to: delivery, raw });
  expect([delivery, outcome]).toEqual([delivery, { type: 'accepted', messageId: expect.any(String) }]);
  const message = ses.messages.pop();
  expect(message?.to).toEqual([delivery]);
  const header = message?.raw.toString('latin1').split('\r\n\r\n')[0] ?? '';
  for (const line of header.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e]{1,998}$/);
  const { to, headers } = await PostalMime.parse(message?.raw ?? '');
  // Some clients take a part that looks like an encoded word for a name to show: that is their reader's own business.
  expect(to?.map(({ address }) => address)).toEqual([delivery]);
  expect(headers.filter(({ key }) => ['to', 'cc', 'bcc'].includes(key))).toHaveLength(1);
}

test('every address that is accepted gets its confirmation and its digest; the others are told why not', async () => {
  const keys = createKeyRing();
  const digest = sampleDigest('2026-11-23', 1);
  const shown = digest.papers.slice(0, 1).map(paper => ({ paper }));
  const composeDigest = createDigestComposer(keys, identity, silentLogger, { everyMail: true });
  let accepted = 0;
  await fc.assert(
    fc.asyncProperty(typed, async text => {
      const result = parseAddress(text);
      if (!result.ok) {
        expect(result.reason).toMatch(/^[A-Z].{10,}\.$/);
        return;
      }
      accepted += 1;
      const { address } = result;
      // An accepted address is the same when it is read again, as when it bounces.
      expect(parseAddress(address.delivery)).toEqual(result);
      const confirmation = confirmationMail({
        ...identity,
        confirmUrl: `${identity.publicUrl}/subscriptions/confirm`,
        rhythm: readerOf(keys, address.identity).preferences,
        newest: undefined,
      });
      const headers = {};
      const raw = await composeMessage({
        ...senderOf(identity),
        ...confirmation,
        to: address.delivery,
        headers,
        date: new Date(0),
      });
      await sendTo(address, [raw.toString('latin1')]);
      const reader = { ...readerOf(keys, address.identity), address: address.delivery };
      await sendTo(address, await composeDigest(digest, shown, reader, 1_795_500_000_000));
    }),
    { numRuns: runs },
  );
  expect(accepted).toBeGreaterThan(runs / 10);
}, 600_000);
