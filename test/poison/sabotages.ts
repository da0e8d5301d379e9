import type { Kind } from './kinds.ts';
import { type RowName, rows } from './rows.ts';
import type { Sabotage } from './sabotage.ts';

/** Cells of the table, by the files of their tests. */
function cells(wanted: Partial<Record<RowName, Kind[]>>): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [row, kinds] of Object.entries(wanted)) {
    const file = `test/poison/${rows[row as RowName].test}.test.ts`;
    found[file] = [...(found[file] ?? []), ...kinds.map(kind => `${row} ${kind}`)];
  }
  return found;
}

const wholeSystem = 'test/local/poisoned-digest.test.ts';
const unfitMails =
  'a link that no mail may hold, and a reader’s mail that is not right, cost themselves, and are named';

/** Every safeguard, and the cells that turn red without it. */
export const sabotages: readonly Sabotage[] = [
  {
    name: 'of many items, a damaged one is left out',
    file: 'shared/platform/damaged.ts',
    text: 'if (!(error instanceof DamagedItemError)) throw error;',
    instead: 'throw error;',
    reddens: cells({
      'a list': ['too long', 'unknown enum', 'damaged stored item'],
      'a page': ['damaged stored item'],
      'an index build': ['damaged stored item'],
      'a feed of a search': ['damaged stored item'],
      'a digest': ['damaged stored item'],
      'a chunk': ['unknown enum', 'damaged stored item'],
      'the archive': ['unknown enum', 'damaged stored item'],
      'a feed of digests': ['wrong type', 'damaged stored item'],
      'digests side by side': ['damaged stored item'],
    }),
  },
  {
    name: 'a damaged item is named in the log',
    file: 'shared/platform/damaged.ts',
    text: "logger.error('A stored item is damaged', { kind, key, reason });",
    instead: '',
    reddens: cells({
      'a list': ['damaged stored item'],
      'a chunk': ['damaged stored item'],
      'an export': ['unknown enum'],
    }),
  },
  {
    name: 'a damaged item is measured',
    file: 'shared/platform/damaged.ts',
    text: 'recordDamage();',
    instead: '',
    reddens: cells({
      'a list': ['damaged stored item'],
      'a chunk': ['damaged stored item'],
      'an export': ['unknown enum'],
    }),
  },
  {
    name: 'a stored item is read field by field',
    file: 'shared/platform/damaged.ts',
    text: 'if (whole.success) return whole.data;\n  const',
    instead:
      'if (whole.success) return whole.data;\n  if (!whole.success) throw new DamagedItemError(kind, key, "odd");\n  const',
    reddens: cells({ 'digests side by side': ['future schema'] }),
  },
  {
    name: 'a paper is read field by field',
    file: 'shared/papers/read-paper.ts',
    text: 'if (whole.success) return { paper: whole.data, lost: [] };',
    instead: 'return whole.success ? { paper: whole.data, lost: [] } : { reason: "odd" };',
    reddens: cells({ 'a list': ['wrong type', 'future schema'], 'a source': ['wrong type', 'future schema'] }),
  },
  {
    name: 'of a list, the good entries stay',
    file: 'shared/platform/read-fields.ts',
    text: 'const good = list.filter(one => element.safeParse(one).success);',
    instead: 'const good = list;',
    reddens: cells({ 'a list': ['future schema'], 'digests side by side': ['future schema'] }),
  },
  {
    name: 'preferences are read one by one',
    file: 'shared/subscribers/read-preferences.ts',
    text: 'if (whole.success) return whole.data;',
    instead: 'if (whole.success) return whole.data; else throw whole.error;',
    reddens: cells({
      'its planning': ['too long', 'wrong type', 'future schema'],
      'a chunk': ['too long', 'wrong type', 'control and non-characters', 'unknown zone'],
      'an export': ['wrong type', 'unknown zone', 'future schema'],
      'an import of known readers': ['wrong type'],
    }),
  },
  {
    name: 'a zone that is not known is UTC',
    file: 'shared/time/clock-spans.ts',
    text: 'if (!(error instanceof RangeError)) throw error;',
    instead: 'throw error;',
    reddens: cells({ 'its planning': ['unknown zone', 'empty after cleaning'] }),
  },
  {
    name: 'a title of which cleaning leaves nothing is shown raw',
    file: 'shared/papers/text.ts',
    text: 'return isVisible(line) ? line : otherwise;',
    instead: 'return readable;',
    reddens: cells({ 'a list': ['empty after cleaning'], 'a digest': ['empty after cleaning'] }),
  },
  {
    name: 'a paper that nobody could see does not go in',
    file: 'shared/papers/read-paper.ts',
    text: 'if (!isVisible(readableText(read.paper[name])))',
    instead: 'if (Date.now() < 0)',
    reddens: cells({ 'a source': ['empty after cleaning'] }),
  },
  {
    name: 'a digest’s title that nobody can see is replaced',
    file: 'shared/digests/digest.ts',
    text: "z.string().refine(isVisible, 'there is nothing in it to show')",
    instead: 'z.string()',
    reddens: cells({ 'the archive': ['empty after cleaning'], 'a feed of digests': ['empty after cleaning'] }),
  },
  {
    name: 'encoded words in titles are decoded',
    file: 'shared/papers/text.ts',
    text: 'return decodeWords(text);',
    instead: 'return text;',
    reddens: cells({ 'a digest': ['encoded word'] }),
  },
  {
    name: 'feeds leave out what XML can’t hold',
    file: 'shared/feeds/feed.ts',
    text: ".replace(/[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\ufffe\\uffff]|\\p{Surrogate}/gu, '\\ufffd')",
    instead: '',
    reddens: cells({ 'a feed of digests': ['control and non-characters'] }),
  },
  {
    name: 'one message stops no other of its batch',
    file: 'shared/events/messages.ts',
    text: 'const outcomes = await Promise.allSettled(records.map(async ({ body, messageId }) => work(parse(body), messageId)));',
    instead:
      "const outcomes = (await Promise.all(records.map(async ({ body, messageId }) => work(parse(body), messageId)))).map((value): PromiseSettledResult<void> => ({ status: 'fulfilled', value }));",
    reddens: cells({
      'a queue': ['empty after cleaning', 'too long', 'wrong type', 'unknown enum', 'damaged stored item'],
      'a feedback batch': ['wrong type', 'unknown zone'],
      'batches side by side': ['damaged stored item'],
    }),
  },
  {
    name: 'a part that a message’s reader finds damaged is named',
    file: 'shared/events/messages.ts',
    text: 'if (outcome.reason instanceof DamagedItemError) nameDamage(outcome.reason);',
    instead: '',
    reddens: cells({
      'batches side by side': ['damaged stored item'],
      'feedback about readers': ['unknown enum', 'damaged stored item'],
    }),
  },
  {
    name: 'a delivery that can’t be read is not sent again',
    file: 'shared/deliveries/repository.ts',
    text: "return readOrName(() => readItem(deliverySchema, stored, 'delivery', key)) ?? unreadable;",
    instead: "return readItem(deliverySchema, stored, 'delivery', key);",
    reddens: cells({ 'a batch': ['wrong type', 'unknown enum', 'damaged stored item'] }),
  },
  {
    name: 'a lease until no time holds for nobody',
    file: 'shared/platform/lease.ts',
    text: 'OR NOT attribute_type(leaseUntil, :number) OR',
    instead: 'OR leaseUntil = :number OR',
    reddens: cells({ 'batches side by side': ['wrong type'] }),
  },
  {
    name: 'a digest that can’t be planned stops no other',
    file: 'shared/deliveries/plan-due-digests.ts',
    text: 'const result = await orNamed(planUnderLease(services, id, remaining, slots, recent));',
    instead: 'const result = await planUnderLease(services, id, remaining, slots, recent);',
    reddens: {
      'test/deliveries/planning-run.test.ts': ['a damaged digest that is to be planned stops no other, and is named'],
    },
  },
  {
    name: 'reports of SES may lack, or have, anything beside who and when',
    file: 'shared/feedback/event.ts',
    text: '.transform(list => list.filter(recipient => recipient !== undefined))',
    instead:
      ".transform(list => { if (list.length > 0) throw new Error('odd'); return [{ emailAddress: '', diagnosticCode: undefined }]; })",
    reddens: cells({ 'a feedback batch': ['future schema'] }),
  },
  {
    name: 'an imported reader who is stored damaged is rejected',
    file: 'shared/imports/run.ts',
    text: 'if (known.damaged.has(id)) {',
    instead: 'if (Date.now() < 0) {',
    reddens: cells({ 'an import of known readers': ['unknown enum', 'damaged stored item'] }),
  },
  {
    name: 'a paper that is stored damaged is rejected, the others of its source go in',
    file: 'shared/papers/ingest.ts',
    text: 'if (error instanceof DamagedItemError) rejected.push({ entry: nameOf(read), reason: error.message });',
    instead: 'if (Date.now() < 0) rejected.push({ entry: nameOf(read), reason: String(error) });',
    reddens: cells({ 'a source': ['damaged stored item'] }),
  },
  {
    name: 'a damaged item has no page, and is no server error',
    file: 'shared/http/app.ts',
    text: 'if (error instanceof DamagedItemError) {',
    instead: 'if (Date.now() < 0) {',
    reddens: cells({ 'the archive': ['wrong type', 'unknown enum', 'damaged stored item'] }),
  },
  {
    name: 'a reader’s mail that is not right is theirs alone',
    file: 'shared/deliveries/chunk.ts',
    text: "if (fault) return { type: 'not permitted', reason: fault };",
    instead: "return { type: 'not permitted', reason: String(fault) };",
    reddens: { [wholeSystem]: [unfitMails] },
  },
  {
    name: 'a paper that no mail may hold is left out when the digest is frozen',
    file: 'shared/deliveries/inspect-mail.ts',
    text: "if (faults.length > 0) unfit.push({ id: paper.id, fault: faults.join('; ') });",
    instead: '',
    reddens: {
      'test/deliveries/inspect-mail.test.ts': [
        'a paper that no mail may hold is told apart from the others, with the reason',
      ],
    },
  },
  {
    name: 'a link that no mail may hold is left out of its paper',
    file: 'shared/email/links.ts',
    text: 'mayLinkTo(address, rules) && leftOverIn(address) === undefined;',
    instead: 'mayLinkTo(address, rules);',
    reddens: { [wholeSystem]: [unfitMails] },
  },
  {
    name: 'a batch that can’t be read ends with its digest',
    file: 'shared/deliveries/send.ts',
    text: '.catch(error => endUnreadable(services, claim, error));',
    instead: '.catch(async error => { if (error) throw error; return endUnreadable(services, claim, error); });',
    reddens: cells({ 'batches side by side': ['wrong type', 'damaged stored item'] }),
  },
  {
    name: 'senders learn that papers were taken out',
    file: 'shared/digests/content.ts',
    text: '(id, edition = 0) => cached(`',
    instead: '(id, edition = 0) => cached(id || `',
    reddens: {
      [wholeSystem]: [
        'a paper is taken out, and nobody is sent a digest twice, when it was halted by itself',
        'a paper is taken out, and nobody is sent a digest twice, when it was paused by the operator',
      ],
    },
  },
  {
    name: 'a line of a file that is no address is rejected',
    file: 'shared/imports/run.ts',
    text: "outcomes.push({ line: row.line, outcome: 'rejected', reason: found.reason });",
    instead: 'throw new Error(found.reason);',
    reddens: cells({ 'an import': ['encoded word'] }),
  },
  {
    name: 'a character that a queue does not take is escaped',
    file: 'shared/platform/queue-json.ts',
    text: '.replace(refused,',
    instead: ".replace('refused',",
    reddens: { 'test/platform/queue.test.ts': ['a queue takes and gives back whatever a text holds'] },
  },
  {
    name: 'an address with an equals sign goes into a header as it is',
    file: 'shared/email/template.ts',
    text: 'if (!/^[\\x20-\\x7e]*$/.test(value)) throw new Error("A value holds characters that a header can\'t take.");',
    instead: "if (!plain.test(value)) throw new Error('odd');",
    reddens: {
      'test/email/every-address.test.ts': [
        'every address that is accepted gets its confirmation and its digest; the others are told why not',
      ],
    },
  },
  {
    name: 'a lease’s count that is no number begins anew',
    file: 'shared/platform/lease.ts',
    text: "if (error.name !== 'ValidationException' || !(await mendCount(dynamo, lease, now))) throw error;",
    instead: 'if (Date.now() > 0) throw error;',
    reddens: {
      'test/platform/lease.test.ts': ['a value "x" in place of a time or a count keeps no process out'],
    },
  },
];
