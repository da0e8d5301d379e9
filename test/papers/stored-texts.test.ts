import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { summarisePaper } from '../../shared/digests/digest-paper.ts';
import { profileOf } from '../../shared/digests/profile.ts';
import { keyOf } from '../../shared/papers/items.ts';
import type { Paper } from '../../shared/papers/paper.ts';
import { admitPaper } from '../../shared/papers/read-paper.ts';
import { renewTexts } from '../../shared/papers/renew.ts';
import { createPaperRepository, type PaperRepository } from '../../shared/papers/repository.ts';
import { titleOf, workOutTexts } from '../../shared/papers/shown.ts';
import { textsVersion } from '../../shared/papers/stored-texts.ts';
import { readableText } from '../../shared/papers/text.ts';
import type { Item } from '../../shared/platform/dynamo.ts';
import { scanParts } from '../../shared/platform/scan.ts';
import { watchNaming } from '../poison/cells.ts';
import { startDynamo } from '../support/dynamo.ts';
import { examplePaper } from './example-paper.ts';

const naming = watchNaming();
let database: Awaited<ReturnType<typeof startDynamo>>;
let repository: PaperRepository;
beforeAll(async () => {
  database = await startDynamo(['Papers']);
  repository = createPaperRepository(database.dynamo, tableName('Papers'));
});
beforeEach(() => naming.forget());
afterAll(() => database.stop());

const raw = {
  title: 'The $\\ell_1$ norm',
  abstract: 'Much is known. We propose a norm of $\\alpha$ and show that it is short.',
  authors: ['Erd\\H{o}s', 'A. Author'],
  authorComment: '12~pages',
};
const readable = {
  title: 'The ℓ₁ norm',
  abstract: 'Much is known. We propose a norm of α and show that it is short.',
  authors: ['Erdős', 'A. Author'],
  authorComment: '12 pages',
  lead: 'We propose a norm of α and show that it is short.',
};
let number = 0;
const newPaper = (fields: Partial<Paper> = {}) => examplePaper({ id: `2611.${30_000 + number++}`, ...raw, ...fields });

async function itemOf(id: string): Promise<Item> {
  const { Item = {} } = await database.dynamo.send(
    new GetCommand({ TableName: tableName('Papers'), Key: keyOf(id), ConsistentRead: true }),
  );
  return Item;
}
/** Stores a paper with other texts than those that were worked out; undefined: without texts. */
async function putWith(paper: Paper, texts: unknown): Promise<void> {
  await repository.put({ paper, revision: 0, readAt: 1 });
  const { texts: _, ...item } = await itemOf(paper.id);
  await database.dynamo.send(
    new PutCommand({ TableName: tableName('Papers'), Item: { ...item, ...(texts !== undefined && { texts }) } }),
  );
}

describe('a stored paper', () => {
  test('has its readable texts and its lead, and every reading gives them', async () => {
    const paper = newPaper();
    await repository.put({ paper, revision: 0, readAt: 1 });
    expect((await itemOf(paper.id)).texts).toEqual({ version: textsVersion, ...readable });
    const stored = await repository.getStored(paper.id);
    expect(stored).toMatchObject({ paper: { ...raw, shown: readable } });
    expect((await repository.get(paper.id))?.shown).toEqual(readable);
    expect((await repository.getListed([paper.id])).map(({ shown }) => shown)).toEqual([readable]);
    expect((await repository.listByDay(paper.day)).find(({ id }) => id === paper.id)?.shown).toEqual(readable);
  });

  test('has a text that is its source’s own once', async () => {
    const paper = newPaper({
      ...raw,
      title: 'A title',
      abstract: 'We propose this.',
      authors: ['A'],
      authorComment: '5',
    });
    await repository.put({ paper, revision: 0, readAt: 1 });
    expect((await itemOf(paper.id)).texts).toEqual({ version: textsVersion, lead: 'We propose this.' });
    const { title, abstract, authors, authorComment } = paper;
    expect((await repository.get(paper.id))?.shown).toEqual({
      title,
      abstract,
      authors,
      authorComment,
      lead: abstract,
    });
  });

  test('of thousands of authors fits an item, and has them worked out at each reading', async () => {
    const authors = Array.from({ length: 4_900 }, (_, place) => `Erd\\H{o}s ${'Name '.repeat(8)}${place}`);
    const paper = newPaper({ authors });
    const admitted = admitPaper({ ...paper });
    expect(admitted).toEqual({ paper, lost: [] });
    expect(await repository.put({ paper, revision: 0, readAt: 1 })).toBe(true);
    expect((await itemOf(paper.id)).texts).toEqual({ version: textsVersion, ...readable, authors: null });
    const shown = (await repository.get(paper.id))?.shown;
    expect(shown?.authors).toHaveLength(4_900);
    expect(shown?.authors[17]).toBe(`Erdős ${'Name '.repeat(8)}17`);
  });

  test('has new texts with a new title, whatever texts it had', async () => {
    const paper = newPaper();
    await repository.put({ paper, revision: 0, readAt: 1 });
    const stored = await repository.get(paper.id);
    await repository.put({ paper: { ...paper, ...stored, title: 'Another $\\beta$' }, revision: 1, readAt: 2 });
    expect((await repository.get(paper.id))?.shown?.title).toBe('Another β');
  });

  test.each(['=?utf-8?Q?=C3=A9tude?= of walruses', 'Walruses\u0000 and \u202eesrever'])(
    'that was changed beside its texts to %j is read anew',
    async title => {
      const paper = { ...newPaper(), title: 'Plain' };
      await repository.put({ paper, revision: 0, readAt: 1 });
      const key = { pk: paper.id, sk: 'paper' };
      await database.dynamo.send(
        new UpdateCommand({
          TableName: tableName('Papers'),
          Key: key,
          UpdateExpression: 'SET title = :title',
          ExpressionAttributeValues: { ':title': title },
        }),
      );
      const shown = (await repository.get(paper.id)) as Paper;
      expect(titleOf(shown)).toBe(readableText(title));
    },
  );

  test('is shown by the stored texts, and not by its source’s', async () => {
    const paper = newPaper();
    const [title, lead, abstract] = ['Stored title', 'Stored lead.', 'Stored abstract.'];
    await putWith(paper, { version: textsVersion, title, lead, abstract, authors: ['Stored'] });
    const shown = (await repository.get(paper.id)) as Paper;
    expect(summarisePaper(shown, '')).toMatchObject({ title, lead, authors: ['Stored'] });
    expect(profileOf(shown)).toMatchObject({ words: expect.stringContaining('stored title |'), names: ['stored'] });
  });

  test.each([
    ['of older rules', { version: textsVersion - 1, title: 'Old', lead: 'Old.' }, false],
    ['of newer rules', { version: textsVersion + 1, words: [] }, false],
    ['that are missing', undefined, false],
    ['without a lead', { version: textsVersion, title: 'Odd' }, true],
    ['with an odd title', { version: textsVersion, title: 7, lead: 'Odd.' }, true],
    ['with odd authors', { version: textsVersion, authors: 'Odd', lead: 'Odd.' }, true],
    ['without a version', { title: 'Odd', lead: 'Odd.' }, true],
    ['that are no texts', 'undefined', true],
    ['that are nothing', null, true],
  ])('has its texts worked out at each reading instead of texts %s', async (_, texts, isDamaged) => {
    const paper = newPaper();
    await putWith(paper, texts);
    const read = (await repository.get(paper.id)) as Paper;
    expect(read.shown).toBeUndefined();
    expect(summarisePaper(read, '')).toMatchObject({ title: readable.title, lead: readable.lead });
    const named = naming.damaged().filter(({ key }) => key === paper.id);
    expect(named).toHaveLength(isDamaged ? 1 : 0);
  });
});

describe('renewing', () => {
  const renewAll = async (store = repository) => {
    const pages: Awaited<ReturnType<typeof renewTexts>>[] = [];
    for (let part = 0; part < scanParts; part += 1) {
      let after: (typeof pages)[number]['next'];
      do {
        const page = await renewTexts(store, { part, after, limit: 5 });
        pages.push(page);
        after = page.next;
      } while (after);
    }
    const sum = (of: (page: (typeof pages)[number]) => number) => pages.reduce((all, page) => all + of(page), 0);
    return { renewed: sum(page => page.renewed), damaged: pages.flatMap(page => page.damaged) };
  };

  test('gives each paper the texts of the present rules, once', async () => {
    await renewAll();
    const [old, damaged, hidden] = [newPaper(), newPaper(), newPaper({ hidden: true })];
    await putWith(old, { version: 0, lead: 'Old.' });
    await putWith(damaged, { version: textsVersion, lead: 7 });
    await putWith(hidden, undefined);
    await repository.putDeleted(newPaper().id, { deletedAt: 1, revision: 0 });
    const odd = newPaper();
    await repository.put({ paper: odd, revision: 0, readAt: 1 });
    await database.dynamo.send(
      new PutCommand({ TableName: tableName('Papers'), Item: { ...(await itemOf(odd.id)), title: 7, texts: 7 } }),
    );
    const before = await repository.getStored(old.id);
    const outcome = await renewAll();
    expect(outcome).toEqual({ renewed: 3, damaged: [{ id: odd.id, reason: expect.stringContaining('title') }] });
    for (const { id } of [old, damaged, hidden]) {
      expect((await itemOf(id)).texts).toEqual({ version: textsVersion, ...readable });
    }
    const { paper } = (await repository.getStored(old.id)) as { paper: Paper };
    expect({ ...before, paper: { ...paper, shown: undefined } }).toEqual({ ...before, paper: old });
    expect(await renewAll()).toEqual({ renewed: 0, damaged: outcome.damaged });
  });

  test('loses nothing of a paper that is stored meanwhile', async () => {
    const paper = newPaper();
    await putWith(paper, undefined);
    let isFirst = true;
    const overtaking: Parameters<typeof renewAll>[0] = {
      ...repository,
      async getStored(id) {
        const stored = await repository.getStored(id);
        if (id === paper.id && isFirst && stored?.deletedAt === undefined && stored) {
          isFirst = false;
          await repository.put({ ...stored, paper: { ...stored.paper, upvotes: 77 } });
        }
        return stored;
      },
    };
    expect(await renewAll(overtaking)).toMatchObject({ renewed: 0 });
    expect(await repository.get(paper.id)).toMatchObject({ upvotes: 77, shown: readable });
  });
});

test('a paper that is no stored one is shown by its own texts', () => {
  expect(workOutTexts({ ...newPaper(), shown: { ...readable, title: 'Other' } })).toEqual(readable);
});
