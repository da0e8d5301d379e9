import { encodedWord, endless, type Poisons, strange } from './kinds.ts';

/* Input from outside, by kind of poison: messages, reports of SES, rows of files, items of a source. */

type Fields = Record<string, unknown>;

/** The body of one message among others on the queue of batches. */
export const messages: Poisons<string> = {
  'empty after cleaning': { change: () => '', becomes: 'left out' },
  'too long': { change: () => JSON.stringify({ digestId: endless, batchId: endless }), becomes: 'left out' },
  'wrong type': { change: () => JSON.stringify({ digestId: 7, batchId: {} }), becomes: 'left out' },
  'encoded word': { change: () => JSON.stringify({ digestId: encodedWord, batchId: 'b' }), becomes: 'left out' },
  'control and non-characters': {
    change: () => JSON.stringify({ digestId: strange, batchId: strange }),
    becomes: 'left out',
  },
  'unknown zone': 'a message has no zone',
  'unknown enum': { change: () => JSON.stringify({ digestId: 'monthly-2026-11', batchId: 'b' }), becomes: 'left out' },
  'future schema': {
    change: body => JSON.stringify({ ...JSON.parse(body), shape: 9, hurry: true }),
    becomes: 'shown',
  },
  'damaged stored item': { change: body => body.slice(0, body.length / 2), becomes: 'left out' },
};

const withDetail = (record: Fields, fields: Fields) => ({
  ...record,
  bounce: { ...(record.bounce as Fields), ...fields },
});
const withMail = (record: Fields, fields: Fields) => ({ ...record, mail: { ...(record.mail as Fields), ...fields } });
const recipient = (fields: Fields) => ({ bouncedRecipients: [{ emailAddress: 'second@example.org', ...fields }] });

/** The report of SES on one hard bounce, as an object; `shown`: it is counted as one. */
export const reports: Poisons<Fields> = {
  'empty after cleaning': {
    change: record => withDetail(record, { bouncedRecipients: [{ emailAddress: '\u200b' }], bounceSubType: '\u0007' }),
    becomes: 'shown',
  },
  'too long': {
    change: record => withDetail(record, recipient({ diagnosticCode: `${'a'.repeat(131_072)}@` })),
    becomes: 'shown',
  },
  'wrong type': {
    change: record => withMail({ ...record, bounce: [] }, { timestamp: 7, destination: 'x', tags: [] }),
    becomes: 'left out',
  },
  'encoded word': {
    change: record => withDetail(record, { bouncedRecipients: [{ emailAddress: encodedWord }] }),
    becomes: 'shown',
  },
  'control and non-characters': {
    change: record =>
      withDetail(record, recipient({ emailAddress: strange, diagnosticCode: strange, status: strange })),
    becomes: 'shown',
  },
  'unknown zone': {
    change: record =>
      withMail(withDetail(record, { timestamp: '2026-11-23T07:00:00 Mars/Base' }), {
        timestamp: '2026-11-23T07:00:00 Mars/Base',
      }),
    becomes: 'left out',
  },
  'unknown enum': {
    change: record => withDetail(record, { bounceType: 'Teleported', bounceSubType: 'ToMars' }),
    becomes: 'shown',
  },
  'future schema': {
    change: record => ({ ...withDetail(record, { ...recipient({ score: {} }), verdicts: [] }), shape: 9 }),
    becomes: 'shown',
  },
  'damaged stored item': 'the stored record of its reader, below',
};

/** One line of a plain list with the columns email, status, time zone. */
export const lines: Poisons<string> = {
  'empty after cleaning': { change: () => '\u200b\u2060,,', becomes: 'left out' },
  'too long': { change: () => `${endless}@example.org,,`, becomes: 'left out' },
  'wrong type': { change: () => '7,{},[]', becomes: 'left out' },
  'encoded word': { change: () => '"=?utf-8?Q?a=40b?= c",,', becomes: 'left out' },
  'control and non-characters': { change: () => `a${strange}@example.org,,`, becomes: 'left out' },
  'unknown zone': { change: line => line.replace(/,[^,]*$/, ',Mars/Base'), becomes: 'shown' },
  'unknown enum': { change: line => line.replace(/,[^,]*,/, ',asleep,'), becomes: 'left out' },
  'future schema': { change: line => `${line},another,cell`, becomes: 'shown' },
  'damaged stored item': 'the stored record of its reader, below',
};

const withPaper = (item: Fields, fields: Fields) => ({ ...item, paper: { ...(item.paper as Fields), ...fields } });

/** One item of Hugging Face's daily papers. */
export const items: Poisons<Fields> = {
  'empty after cleaning': {
    change: item => withPaper(item, { title: '\u200b{}', summary: '\u0007' }),
    becomes: 'left out',
  },
  'too long': { change: item => withPaper(item, { title: 'x'.repeat(1_000_000) }), becomes: 'left out' },
  'wrong type': {
    change: item => withPaper(item, { authors: null, upvotes: '1e309', publishedAt: 7, ai_keywords: { __proto__: 1 } }),
    becomes: 'shown',
  },
  'encoded word': {
    change: item => withPaper(item, { title: encodedWord, authors: [{ name: encodedWord }], ai_summary: encodedWord }),
    becomes: 'shown',
  },
  'control and non-characters': {
    change: item => withPaper(item, { title: strange, authors: [{ name: strange }], ai_summary: strange }),
    becomes: 'shown',
  },
  'unknown zone': {
    change: item => withPaper(item, { publishedAt: '2026-11-19T00:00:00 Mars/Base' }),
    becomes: 'shown',
  },
  'unknown enum': 'a source’s item has no field of some values that is read',
  'future schema': {
    change: item => ({ ...withPaper(item, { authors: [['A', 'Author']], embedding: [0.5] }), shape: 9 }),
    becomes: 'shown',
  },
  'damaged stored item': {
    change: item => withPaper(item, { id: '2611.00077' }),
    becomes: 'left out',
  },
};
