import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tableName } from '../../local/tables.ts';
import { indexCandidates } from '../../shared/digests/candidate-index.ts';
import { learnAcronyms, learnedIn, monthsBefore } from '../../shared/digests/learned-acronyms.ts';
import { profileOf } from '../../shared/digests/profile.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { watchNaming } from '../poison/cells.ts';
import { publishingOver } from '../support/digests.ts';
import { startDynamo } from '../support/dynamo.ts';

describe('learning', () => {
  const learned = (...defined: [string, string, number][]) => learnAcronyms(defined).map(({ acronym }) => acronym);

  test('takes what three papers define alike, of any months, in the most common wording', () => {
    expect(learned(['qzm', 'quiet zone models', 1], ['qzm', 'quiet zone model', 2])).toEqual([
      ['qzm', 'quiet zone model'],
    ]);
    expect(learned(['qzm', 'quiet zone models', 2])).toEqual([]);
  });

  test('takes no form of which papers mean different things', () => {
    expect(learned(['qzm', 'quiet zone model', 6], ['qzm', 'quick zebra map', 3])).toEqual([
      ['qzm', 'quiet zone model'],
    ]);
    expect(learned(['qzm', 'quiet zone model', 5], ['qzm', 'quick zebra map', 3])).toEqual([]);
  });

  test('changes no form that the thesaurus knows, however many papers define it', () => {
    expect(learned(['rl', 'random lunch', 900], ['llm', 'long lasting marmalade', 900])).toEqual([]);
  });

  test('is for papers that use a form and do not define it themselves', () => {
    const acronyms = learnAcronyms([['qzm', 'quiet zone models', 3]]);
    const learnedBy = (abstract: string) => learnedIn(profileOf(examplePaper({ abstract })), acronyms);
    expect(learnedBy('We tune a QZM here.')).toEqual([['qzm', 'quiet zone models']]);
    expect(learnedBy('Of a quiet zone model, we know little.')).toEqual([['qzm', 'quiet zone models']]);
    expect(learnedBy('A quick zebra map (QZM) is quick.')).toEqual([]);
    expect(learnedBy('A quiet model of a zone.')).toEqual([]);
  });

  test('goes back two years', () => {
    expect(monthsBefore('2026-11-23')).toEqual(['2024-11', '2026-11']);
  });
});

describe('a digest', () => {
  let world: Awaited<ReturnType<typeof startWorld>>;
  beforeEach(async () => {
    world = await startWorld();
  });
  afterEach(() => world.stop());
  const naming = watchNaming();
  const now = Date.parse('2026-11-24T03:00:00Z');

  async function startWorld() {
    const { dynamo, stop } = await startDynamo(['Papers', 'Snapshots', 'Search', 'Digests']);
    const { store, papers, services, publish, digests } = publishingOver(dynamo);
    for (const [place, day] of ['2026-09-01', '2026-10-05', '2026-10-06'].entries()) {
      await store({ id: `2609.0000${place}`, day, abstract: 'We propose quiet zone models (QZMs). They are quiet.' });
    }
    await store({ id: '2611.00001', day: '2026-11-23', title: 'Tuning a QZM', abstract: 'It is tuned.' });
    await store({ id: '2611.00002', day: '2026-11-23', title: 'On other things', abstract: 'There are some.' });
    const index = () =>
      indexPapers({ papers, store: services.searchStore as never, now: () => now, remaining: () => 1e6 });
    /** The papers of the digest on a topic. */
    async function onTopic(topic: string): Promise<string[]> {
      const { outcome } = await publish('daily-2026-11-23', now);
      expect(outcome).toBe('published');
      const { candidates: frozen } = (await digests.get('daily-2026-11-23')) ?? {};
      const candidates = frozen && (await digests.getCandidates('daily-2026-11-23', frozen));
      const about = indexCandidates(candidates ?? []).relevanceOf(topic);
      return (candidates ?? []).filter((_, number) => (about[number] ?? 0) > 0.35).map(({ paper }) => paper.id);
    }
    return { dynamo, stop, index, onTopic };
  }

  test('finds a paper by the long form of an acronym that papers of earlier months define', async () => {
    await world.index();
    expect(await world.onTopic('quiet zone models')).toEqual(['2611.00001']);
  });

  test('is made without what no index has counted yet', async () => {
    expect(await world.onTopic('quiet zone models')).toEqual([]);
  });

  test('is made without the acronyms of a month that are damaged, which are named', async () => {
    await world.index();
    for (const defined of ['[["qzm"]]', 'no JSON', 7]) {
      const Item = { pk: 'acronyms', sk: '2026-10', defined };
      await world.dynamo.send(new PutCommand({ TableName: tableName('Search'), Item }));
    }
    expect(await world.onTopic('quiet zone models')).toEqual([]);
    expect(naming.damaged()).toMatchObject([{ kind: 'acronyms of a month', key: '2026-10' }]);
  });
});
