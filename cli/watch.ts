import type { ShownDigest } from '../functions/admin-api/digests/contract.ts';
import { CallError } from './client.ts';
import type { Terminal } from './define-command.ts';
import { createPace, endedOf } from './pace.ts';
import { noticeOf, retryHints, statesText } from './text.ts';
import type { WatchView } from './watch-view.ts';

export interface WatchOptions extends Pick<Terminal, 'now' | 'sleep'> {
  read: () => Promise<ShownDigest>;
  view: WatchView;
  /** Ends the watch. */
  signal: AbortSignal;
  commandFor: (words: string) => string;
}

/** Milliseconds between two readings, each of up to 256 items. */
const interval = 1_000;
/** Milliseconds without planning after which a digest is reported as unplanned. */
const quietTime = 5_000;
/** Milliseconds after which a planner that has not begun may have failed. Usually it begins at once. */
const plannerTime = 60_000;
/** Milliseconds for which a system that does not answer is asked again: a watch can last for hours. */
const patience = 60_000;

/**
 * Shows the sending of a digest, until no delivery is open or the signal ends the watch.
 * @throws CallError when the digest can't be read, at first or for a minute
 */
export async function watchDigest({ read, view, signal, commandFor, now, sleep }: WatchOptions): Promise<void> {
  const paceOf = createPace();
  let seen: ShownDigest | undefined;
  let changedAt = now();
  let answeredAt: number | undefined;
  let isLost = false;
  let saidUnplanned = false;
  let saidLate: string | undefined;
  for (; !signal.aborted; await sleep(interval, signal)) {
    let digest: ShownDigest;
    try {
      digest = await read();
    } catch (error) {
      if (signal.aborted) break;
      const isHopeless = answeredAt === undefined || now() - answeredAt > patience;
      if (isHopeless || !(error instanceof CallError && error.mayPass)) throw error;
      if (!isLost) view.note(`${error.message}\nTrying again …`);
      isLost = true;
      continue;
    }
    isLost = false;
    const at = now();
    answeredAt = at;
    const changed = JSON.stringify(digest) !== JSON.stringify(seen);
    if (changed) changedAt = at;
    view.update({ digest, at, ...paceOf(digest.counts, at) }, changed);
    for (const line of newsOf(digest, seen, commandFor)) view.note(line);
    seen = digest;
    if (isUnplanned(digest) && at - changedAt >= quietTime && !saidUnplanned) {
      const send = commandFor(`digests send ${digest.id}`);
      view.note(`${digest.id} is not planned yet: that happens at the readers' own hours, or now with: ${send}`);
      saidUnplanned = true;
    }
    const { askedAt } = digest;
    if (askedAt && askedAt !== saidLate && at - Date.parse(askedAt) >= plannerTime) {
      view.note(lateText(digest.id, askedAt));
      saidLate = askedAt;
    }
    if (isThrough(digest)) {
      view.end(closing(digest, commandFor));
      return;
    }
  }
  view.end('No longer watching. The sending goes on.');
}

/** Whether no delivery is open or will be. The index of open batches lags behind; the counts do not. */
function isThrough({ status, plannedAt, counts, openBatches, planning }: ShownDigest): boolean {
  if (planning || openBatches > 0 || endedOf(counts) < counts.planned) return false;
  if (status === 'cancelled' || status === 'finished' || status === 'expired') return true;
  return plannedAt !== undefined;
}

function isUnplanned({ status, plannedAt, counts, planning }: ShownDigest): boolean {
  return status === 'ready' && !planning && plannedAt === undefined && counts.planned === 0;
}

function lateText(id: string, askedAt: string): string {
  return [
    `The planner was asked for ${id} at ${askedAt} and has not begun: it is at work on another digest, or it fails.`,
    'The log of plan-deliveries says which, and docs/runbook.md, "A function failed on an event or a timer", what to do.',
  ].join('\n');
}

function newsOf(digest: ShownDigest, before: ShownDigest | undefined, commandFor: (words: string) => string): string[] {
  if (before?.status !== digest.status) {
    const notice = noticeOf(digest, commandFor);
    if (notice) return [notice];
    if (before && digest.status === 'ready') return [`${digest.id} is ready again.`];
  }
  return [];
}

function closing(digest: ShownDigest, commandFor: (words: string) => string): string {
  const hints = retryHints(digest, commandFor);
  return [`Nothing of ${digest.id} is open: ${statesText(digest)}.`, ...hints].join('\n');
}
