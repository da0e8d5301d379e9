import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectFormat, readTime } from '../../../cli/import/formats.ts';
import { type FileEntry, readSubscriberFile } from '../../../cli/import/read-file.ts';
import { depth } from '../../support/depth.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(file: string | Uint8Array, chunk = 1 << 16): Promise<FileEntry[]> {
  const entries: FileEntry[] = [];
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  for await (const entry of readSubscriberFile(inChunks(bytes, chunk))) entries.push(entry);
  return entries;
}

/** The rows without their places, the rejected ones as their reasons. */
async function rowsOf(file: string | Uint8Array) {
  const [, ...entries] = await read(file);
  const told = entries.filter(entry => entry.type !== 'note');
  return told.map(entry => {
    if (entry.type === 'row') return entry.row;
    return entry.type === 'rejected' ? [entry.line, entry.reason] : entry;
  });
}

const mailchimp =
  '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,' +
  'GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES';
const unsubscribed = mailchimp.replace(',NOTES', ',UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON');
const cleaned = mailchimp.replace(',NOTES', ',CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID');
const row = (email: string, confirmed: string, rest = '') =>
  `${email},A,Reader,2,"2020-01-01 08:00:00",192.0.2.1,${confirmed},,,,,Europe/Berlin,DE,BE,"2020-01-02 00:00:00",1,e${rest}`;
const confirmedAt = Date.UTC(2020, 0, 1, 8, 5);

describe('a file of Mailchimp', () => {
  test('of the subscribed gives the proof where there is one', async () => {
    const file = [
      mailchimp,
      row('both@example.org', '"2020-01-01 08:05:00",192.0.2.7', ',note'),
      // Added by the operator of the list: a time and no IP.
      row('added@example.org', '"2020-01-01 08:05:00",', ','),
      '',
      row('none@example.org', ',', ',"a note\nof two lines"'),
      row('last@example.org', ',', ','),
    ].join('\r\n');
    expect((await read(file)).filter(entry => entry.type !== 'note')).toMatchObject([
      { type: 'format', service: 'mailchimp' },
      { row: { line: 2, email: 'both@example.org', status: 'active', confirmedAt, confirmedIp: '192.0.2.7' } },
      { row: { line: 3, email: 'added@example.org', confirmedAt, timeZone: 'Europe/Berlin' } },
      { row: { line: 5, email: 'none@example.org', status: 'active' } },
      { row: { line: 7, email: 'last@example.org' }, bytes: Buffer.byteLength(file) },
    ]);
    expect((await rowsOf(file))[1]).not.toHaveProperty('confirmedIp');
  });

  test('of the unsubscribed and of the cleaned gives opt-outs, whatever was confirmed before', async () => {
    const confirmed = '"2020-01-01 08:05:00",192.0.2.7';
    const left = [
      unsubscribed,
      row('left@example.org', confirmed, ',"2021-01-01 00:00:00",News,7,"No longer interested"'),
      row('spam@example.org', confirmed, ',"2021-01-01 00:00:00",News,7,ABUSE'),
    ].join('\n');
    expect(await rowsOf(left)).toMatchObject([
      { email: 'left@example.org', status: 'unsubscribed' },
      { email: 'spam@example.org', status: 'complained' },
    ]);
    const gone = [cleaned, row('gone@example.org', confirmed, ',"2021-01-01 00:00:00",News,7')].join('\n');
    expect(await rowsOf(gone)).toMatchObject([{ email: 'gone@example.org', status: 'bounced' }]);
  });

  test('with a column that says who left takes nobody for subscribed of whom it doesn’t say', async () => {
    const file = [unsubscribed, row('odd@example.org', '"2020-01-01 08:05:00",192.0.2.7', ',,,,')].join('\n');
    expect(await rowsOf(file)).toEqual([[2, expect.stringContaining('when')]]);
  });
});

test('a file of Buttondown gives a proof for whom signed up themselves', async () => {
  const file = [
    'id,email,notes,subscriber_type,source,creation_date,ip_address,unsubscription_date,undeliverability_date,tags',
    '1,self@example.org,,regular,organic,2020-01-01T08:05:00Z,192.0.2.7,,,',
    '2,moved@example.org,,regular,import,2020-01-01T08:05:00Z,192.0.2.7,,,',
    '3,new@example.org,,unactivated,organic,2020-01-01T08:05:00Z,192.0.2.7,,,',
    '4,left@example.org,,unsubscribed,organic,2020-01-01T08:05:00Z,192.0.2.7,2021-01-01,,"a,b"',
    '5,dated@example.org,,regular,organic,2020-01-01T08:05:00Z,192.0.2.7,2021-01-01,,',
    '6,dead@example.org,,undeliverable,organic,2020-01-01T08:05:00Z,192.0.2.7,,2021-01-01,',
    '7,angry@example.org,,complained,organic,2020-01-01T08:05:00Z,192.0.2.7,,,',
  ].join('\n');
  expect(await rowsOf(file)).toEqual([
    { line: 2, email: 'self@example.org', status: 'active', confirmedAt, confirmedIp: '192.0.2.7' },
    { line: 3, email: 'moved@example.org', status: 'active' },
    [4, expect.stringContaining('unactivated')],
    { line: 5, email: 'left@example.org', status: 'unsubscribed' },
    { line: 6, email: 'dated@example.org', status: 'unsubscribed' },
    { line: 7, email: 'dead@example.org', status: 'bounced' },
    { line: 8, email: 'angry@example.org', status: 'complained' },
  ]);
});

test('a file of Substack has no proof, and those whose mail is off are opt-outs', async () => {
  const file = [
    'email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at',
    'free@example.org,false,,other,false,2020-01-01T08:05:00.000Z,',
    'paid@example.org,true,2027-01-01,yearly,false,2020-01-01T08:05:00.000Z,2021-01-01',
    'off@example.org,false,,other,true,2020-01-01T08:05:00.000Z,',
  ].join('\n');
  expect(await rowsOf(file)).toEqual([
    { line: 2, email: 'free@example.org', status: 'active', addedAt: confirmedAt },
    { line: 3, email: 'paid@example.org', status: 'active', addedAt: confirmedAt },
    { line: 4, email: 'off@example.org', status: 'unsubscribed', addedAt: confirmedAt },
  ]);
});

test('a file of listmonk has no proof, and a subscriber that is blocked or disabled there is an opt-out', async () => {
  const file = [
    'uuid,email,name,attributes,status,created_at,updated_at',
    'u1,on@example.org,A,"{""city"": ""Bonn""}",enabled,2020-01-01 08:05:00 +0000 UTC,2020-01-01 08:05:00 +0000 UTC',
    'u2,off@example.org,B,{},disabled,,',
    'u3,blocked@example.org,C,{},blocklisted,,',
    'u4,odd@example.org,D,{},other,,',
  ].join('\n');
  expect(await rowsOf(file)).toEqual([
    { line: 2, email: 'on@example.org', status: 'active', addedAt: confirmedAt },
    { line: 3, email: 'off@example.org', status: 'unsubscribed' },
    { line: 4, email: 'blocked@example.org', status: 'unsubscribed' },
    [5, expect.stringContaining('"other"')],
  ]);
});

test.each([
  ['nothing', '', 'empty'],
  ['blank lines', '\n\r\n', 'empty'],
  ['another header', 'name,age\nx,1\n', 'first line'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00, 0x01, 0x0a]), 'first line'],
  ['other JSON', '{"a": 1', 'suppression list'],
])('a file of %s is refused with what to do', async (_, file, reason) => {
  expect(await read(file)).toEqual([{ type: 'unreadable', reason: expect.stringContaining(reason) }]);
});

describe('one bad row never stops others', () => {
  const header = 'email,active_subscription,email_disabled';
  test.each([
    ['a quote that is never closed', '"open@example.org,true,false'],
    ['a quote in the middle', 'a"b@example.org,true,false'],
    ['a cell of a megabyte', `${'x'.repeat(1 << 20)},true,false`],
    ['bytes in Latin-1', Buffer.from('j\xf6rg@example.org,true,false', 'latin1')],
    ['NULs', '\0\0@example.org,true,false'],
    ['a cell too few', 'short@example.org'],
    ['cells too many', 'long@example.org,true,false,1,2,3'],
    ['no address', ',true,false'],
  ])('(%s)', async (_, bad) => {
    const good = (name: string) => `${name}@example.org,true,false`;
    const before = `\ufeff${header}\n${good('first')}\n`;
    const after = `\n${Array.from({ length: 300 }, (_, index) => good(`n${index}`)).join('\n')}`;
    const entries = await read(Buffer.concat([Buffer.from(before), Buffer.from(bad), Buffer.from(after)]), 1_000);
    const rows = entries.flatMap(entry => (entry.type === 'row' ? [[entry.row.line, entry.row.email]] : []));
    expect(rows[0]).toEqual([2, 'first@example.org']);
    for (let index = 0; index < 300; index += 1) expect(rows).toContainEqual([index + 4, `n${index}@example.org`]);
    expect(entries.filter(entry => entry.type !== 'note').length).toBe(303);
  });
});

describe('a file of any bytes', () => {
  const headers = [
    mailchimp,
    unsubscribed,
    'id,email,subscriber_type,creation_date,ip_address',
    'email,active_subscription,email_disabled',
    'uuid,email,status',
  ];
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ unit: 'binary' }).map(text => Buffer.from(text)),
    fc
      .constantFrom('"', '""', ',', '\n', '\r\n', '\r', '\0', '\ufeff', '=1+1', 'a@example.org', '"x\ny"')
      .map(text => Buffer.from(text)),
    fc
      .constantFrom('utf16le', 'latin1')
      .map(encoding => Buffer.from('jörg@example.org,active\n', encoding as 'latin1')),
    fc.integer({ min: 60_000, max: 70_000 }).map(length => Buffer.alloc(length, 'x')),
  );
  const file = fc
    .tuple(fc.option(fc.constantFrom(...headers)), fc.array(piece, { maxLength: 30 }))
    .map(([header, parts]) => Buffer.concat([Buffer.from(header ? `${header}\n` : ''), ...parts]));

  test('every line is a row or a rejection with a reason, in order, and nothing is thrown', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 4_096 }), async (bytes, chunk) => {
        const entries = await read(bytes, chunk);
        const [first, ...rest] = entries;
        if (first?.type === 'unreadable') return rest.length === 0 && first.reason.length > 10;
        let line = 1;
        for (const entry of rest.filter(({ type }) => type !== 'note')) {
          if (entry.type !== 'row' && entry.type !== 'rejected') return false;
          const at = entry.type === 'row' ? entry.row.line : entry.line;
          if (at < line) return false;
          line = at;
          if (entry.type === 'rejected' && entry.reason.length < 10) return false;
          if (entry.type === 'row' && (entry.row.email === '' || entry.row.email.length > 1_000)) return false;
        }
        return first?.type === 'format';
      }),
      { numRuns: depth(400, 60) },
    );
  });

  test('how it is cut into chunks makes no difference', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 999 }), async (bytes, chunk) => {
        expect(await read(bytes, chunk)).toEqual(await read(bytes, bytes.length + 1));
      }),
      { numRuns: depth(100, 20) },
    );
  });

  test('the header is detected or not, and a time is a time or none', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.string({ unit: 'binary' }), (header, text) => {
        const at = readTime(text);
        return (detectFormat(header)?.service ?? '').length >= 0 && (at === undefined || Number.isInteger(at));
      }),
    );
  });
});

describe('a file of nobody’s format', () => {
  const notesOf = async (file: string | Uint8Array) =>
    (await read(file)).flatMap(entry => (entry.type === 'note' ? entry.text : []));
  const emailsOf = async (file: string | Uint8Array) =>
    (await read(file)).flatMap(entry => (entry.type === 'row' ? [[entry.row.line, entry.row.email]] : []));
  const both = [
    [1, 'a@example.org'],
    [2, 'b@example.org'],
  ];

  test('is a list, with or without a header, whatever parts its cells', async () => {
    expect(await emailsOf('a@example.org\nb@example.org\n')).toEqual(both);
    expect(await emailsOf('\ufeff\nE-Mail\na@example.org\n')).toEqual([[3, 'a@example.org']]);
    for (const delimiter of [',', ';', '\t', '|']) {
      const cells = (...all: string[]) => all.join(delimiter);
      const file = [cells('Ann', 'a@example.org', '"x, y; z"'), cells('Bob', 'b@example.org', '')].join('\r\n');
      expect(await emailsOf(file)).toEqual(both);
      const named = [cells('Name', 'E-Mail-Adresse', 'Joined'), cells('Ann', 'a@example.org', '2020-01-01')].join('\n');
      expect(await rowsOf(named)).toEqual([
        { line: 2, email: 'a@example.org', status: 'active', addedAt: Date.UTC(2020, 0, 1) },
      ]);
    }
  });

  test('says what was guessed, and which columns are left out', async () => {
    expect(await notesOf('Name;E-Mail;Stadt\nAnn;a@example.org;Bonn\n')).toEqual([
      'Its cells are parted by semicolons.',
      'It is taken for a list, with the addresses in "e-mail".',
      'Left out: Name, Stadt.',
    ]);
    expect((await notesOf('a@example.org\n')).join(' ')).toContain('It has no header.');
    expect(await notesOf(`${mailchimp}\n${row('a@example.org', ',')}`)).toEqual([
      expect.stringMatching(/^Left out: First Name, Last Name, MEMBER_RATING/),
    ]);
  });

  test('in UTF-16 or Windows-1252 is understood, and that is said', async () => {
    const text = 'Name,Email\nJörg,a@example.org\n';
    for (const bytes of [
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
      Buffer.from(text, 'utf16le').swap16(),
    ]) {
      for (const chunk of [1, 3, 1_000]) {
        const entries = await read(bytes, chunk);
        expect(entries).toContainEqual({ type: 'note', text: 'The file is in UTF-16.' });
        expect(entries).toContainEqual(
          expect.objectContaining({ row: expect.objectContaining({ email: 'a@example.org' }) }),
        );
      }
    }
    const latin = Buffer.from(text, 'latin1');
    expect(await emailsOf(latin)).toEqual([[2, 'a@example.org']]);
    expect((await notesOf(latin)).join(' ')).toContain('Windows-1252');
  });

  test('that is SES’s suppression list gives opt-outs, as CSV and as JSON', async () => {
    const wanted = [
      expect.objectContaining({ email: 'b@example.org', status: 'bounced' }),
      expect.objectContaining({ email: 'c@example.org', status: 'complained' }),
    ];
    const entries = [
      { EmailAddress: 'b@example.org', Reason: 'BOUNCE', LastUpdateTime: '2026-01-01T00:00:00+00:00' },
      { EmailAddress: 'c@example.org', Reason: 'COMPLAINT', LastUpdateTime: '2026-01-01T00:00:00+00:00' },
    ];
    for (const file of [
      'b@example.org,BOUNCE\nc@example.org,COMPLAINT\n',
      'Email address,Reason,Last updated\nb@example.org,Bounce,x\nc@example.org,Complaint,y\n',
      JSON.stringify({ SuppressedDestinationSummaries: entries }, null, 4),
      entries.map(entry => JSON.stringify(entry)).join('\n'),
      '{"emailAddress":"b@example.org","reason":"BOUNCE"}\n{"emailAddress":"c@example.org","reason":"COMPLAINT"}\n',
    ]) {
      expect((await read(file))[0]).toEqual({ type: 'format', service: 'ses' });
      expect(await rowsOf(file)).toEqual(wanted);
    }
    expect(await rowsOf('b@example.org,BOUNCE\nc@example.org,ODD\n')).toEqual([
      wanted[0],
      [2, expect.stringContaining('"ODD"')],
    ]);
  });
});

test('times are read as the services write them', () => {
  for (const text of [
    '2020-01-01 08:05:00',
    '2020-01-01T08:05:00Z',
    '2020-01-01T09:05:00.000+01:00',
    '2020-01-01 08:05:00.123456 +0000 UTC',
    ' 2020-01-01 10:05:00 +0200 CEST ',
  ]) {
    expect([text, readTime(text)]).toEqual([text, confirmedAt]);
  }
  for (const text of ['', 'yesterday', '01/02/2020', '2020-13-45', '0']) expect(readTime(text)).toBeUndefined();
});
