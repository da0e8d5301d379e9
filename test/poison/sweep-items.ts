import { processFeedback } from '../../functions/process-feedback/process-feedback.ts';
import { planDueDigests } from '../../shared/deliveries/plan-due-digests.ts';
import { snapshotCounts } from '../../shared/papers/snapshots.ts';
import { indexPapers } from '../../shared/search/indexer.ts';
import { completeVotes } from '../../shared/votes/vote.ts';
import { bounceRecord, invocation, sesRecord } from '../feedback/fixtures.ts';
import { examplePaper } from '../papers/example-paper.ts';
import { joinNow, readerOf } from '../support/readers.ts';
import { addressOf, day, hourOf, paperIds, type SweepServices } from './sweep-services.ts';

/** Stores an item of every kind, in full. */
export async function fillEverything({
  admin,
  keys,
  clock,
  stores,
  idOf,
  publishing,
  feedbackServices,
  told,
  post,
}: SweepServices): Promise<void> {
  clock.now = hourOf(3, '2026-11-20');
  for (const [place, id] of paperIds.entries()) {
    const paper = examplePaper({
      id,
      day,
      // Texts that are stored as their source has them, and as they are shown.
      title: `Paper ${id} of $\\alpha$`,
      abstract: `The abstract of ${id} has zyzzyva, zebra zone words (ZZW), $\\beta$ and more words than one.`,
      authors: ['P. Erd\\H{o}s'],
      upvotes: 5 + place,
      votes: 0,
      comments: 2,
      publishedAt: '2026-11-20T00:00:00Z',
      updatedAt: '2026-11-21T00:00:00Z',
      version: 2,
      withdrawn: false,
      url: `https://arxiv.org/abs/${id}`,
      pdfUrl: `https://arxiv.org/pdf/${id}`,
      codeUrl: 'https://github.com/a/b',
      codeStars: 12,
      projectUrl: 'https://a.example/',
      categories: ['cs.CL', 'cs.AI'],
      keywords: ['words'],
      summary: 'A summary.',
      organization: 'An organisation',
      thumbnailUrl: 'https://a.example/a.png',
      mediaUrls: ['https://a.example/b.png'],
      submittedBy: 'somebody',
      authorComment: '12~pages',
      journalRef: 'A journal',
      doi: '10.1/1',
      hidden: false,
    });
    await stores.papers.put({ paper, revision: 0, readAt: 1 });
    await stores.papers.put({
      paper: { ...paper, id: `2610.0000${place}`, day: '2026-11-22' },
      revision: 0,
      readAt: 1,
    });
  }
  await stores.papers.put({ paper: examplePaper({ id: '2611.00008', day, pinnedDay: day }), revision: 0, readAt: 1 });
  await stores.papers.putDeleted('2611.00009', { deletedAt: 1, revision: 0 });
  await stores.sourceDays.recordRead('hugging-face', day, clock.now, {
    papers: 3,
    entries: 4,
    rejected: 1,
    odd: ['x: y'],
  });
  await stores.sourceDays.recordFailure('hugging-face', day, clock.now - 1, 'It was down.');
  await stores.sourceDays.recordRead('arxiv', day, clock.now, { papers: 3, entries: 3 });
  for (const name of ['first', 'second', 'third'])
    await stores.subscribers.put({
      ...readerOf(keys, addressOf(name), { topics: ['zyzzyva'] }),
      createdAt: clock.now,
    });
  const asked = { nonce: 'n', requestedAt: clock.now, preferences: readerOf(keys, 'a@example.org').preferences };
  const second = await stores.subscribers.get(idOf('second'));
  if (second) {
    await stores.subscribers.put({
      ...second,
      statusReason: 'imported',
      softBounces: [{ at: clock.now, subType: 'MailboxFull' }],
      pendingRequest: { ...asked, earlier: [{ ...asked, nonce: 'e' }] },
      linkMail: { nonce: 'l', at: clock.now },
      disposable: false,
      replaces: idOf('moved'),
      subscribedBefore: false,
      takenBack: { id: idOf('moved'), nonce: 't' },
      linkGeneration: undefined,
      voter: 'voter',
      confirmedNonce: 'c',
      alsoConfirmed: ['d'],
      joinedAt: clock.now,
      leaveReason: 'other',
      importedAs: 'i#1',
    });
  }
  await stores.subscribers.put(readerOf(keys, addressOf('late'), { sendHour: 8 }));
  const gone = { unsubscribedAt: clock.now, leaveReason: 'other' as const, createdAt: clock.now };
  await stores.subscribers.put({ ...readerOf(keys, addressOf('left')), status: 'unsubscribed', ...gone });
  const movedTo = { id: idOf('second'), nonce: 'n', at: clock.now, toldAt: clock.now };
  await stores.subscribers.put({ ...readerOf(keys, addressOf('moved')), status: 'unsubscribed', ...gone, movedTo });
  const waiting = { status: 'pending' as const, pendingRequest: asked, createdAt: clock.now };
  await stores.subscribers.put({ ...readerOf(keys, addressOf('waiting')), ...waiting });
  await stores.subscribers.erase(idOf('erased'), clock.now);
  for (const name of ['first', 'second'])
    for (const [index, action] of (['requested', 'confirmed'] as const).entries())
      await stores.consents.append({
        subscriberId: idOf(name),
        at: clock.now + index,
        action,
        by: 'page',
        origin: { ip: '192.0.2.7', userAgent: 'x' },
      });
  for (const id of [paperIds[0], paperIds[1]]) {
    await post(`/v1/papers/${id}/upvote`, {}, 'second');
    await post(`/v1/papers/${id}/save`, {}, 'second');
  }
  await completeVotes(stores, clock.now + 3_600_000);
  await post('/v1/papers', { arxivId: '2611.77777' }, 'second');
  await stores.votes.open(
    { mark: 'vote', subscriberId: idOf('first'), voter: 'v', paperId: paperIds[1] ?? '' },
    clock.now,
    'u',
  );
  await stores.pauses.note(idOf('third'), clock.now, clock.now + 1);
  await stores.subscribers.putTaste(idOf('second'), [['zyzzyva', 1.5]]);
  for (const [digest, at] of [
    ['daily-2026-11-22', hourOf(3, '2026-11-23')],
    [`daily-${day}`, hourOf(3)],
  ] as const) {
    clock.now = at;
    await snapshotCounts(stores, clock.now);
    await publishing.publish(digest, clock.now);
    await planDueDigests(admin.planner, admin.remaining);
    for (const hour of [7, 8]) {
      clock.now = hourOf(hour, digest === `daily-${day}` ? '2026-11-24' : '2026-11-23');
      await planDueDigests(admin.planner, admin.remaining);
    }
    if (digest === `daily-${day}`) break;
    await admin.sendQueued();
    await processFeedback(
      invocation([
        sesRecord('Send', told('first', digest)),
        sesRecord('Delivery', { ...told('first', digest), detail: { recipients: [addressOf('first')] } }),
        bounceRecord('Transient', 'MailboxFull', told('second', digest)),
      ]),
      feedbackServices(),
    );
  }
  await indexPapers({ papers: stores.papers, store: stores.searchStore, now: () => clock.now, remaining: () => 1e6 }, [
    '2026-11',
  ]);
  await stores.searchStore.noteRecent({ id: paperIds[0] ?? '', day, at: clock.now });
  await stores.curations.change(
    'daily-2026-11-24',
    { papers: { [paperIds[0] ?? '']: 'pin' }, note: 'A note.' },
    clock.now,
  );
  await stores.digests.recordNothing('daily-2026-11-21', 'no papers', clock.now);
  await joinNow(admin, addressOf('joined'), { sendHour: 20 });
}
