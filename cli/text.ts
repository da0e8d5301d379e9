import type { ShownDigest } from '../functions/admin-api/digests/contract.ts';
import type { LeftOut } from '../shared/digests/digest.ts';

/** Text without control characters, which a terminal would obey: strangers typed parts of it. */
export function plain(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, '');
}

/** Lines with their cells aligned in columns. */
export function table(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** The numbers of deliveries by state. */
export function statesText({ counts, openBatches }: Pick<ShownDigest, 'counts' | 'openBatches'>): string {
  const { planned, sent, failed, suppressed, unknown, resent } = counts;
  return (
    `planned ${planned}, sent ${sent}, failed ${failed}, suppressed ${suppressed}, unknown ${unknown}, ` +
    `resent ${resent}, open batches ${openBatches}`
  );
}

/** A notice about a status that needs the operator, with the next command; undefined for all other statuses. */
export function noticeOf(
  { id, status, statusReason }: Pick<ShownDigest, 'id' | 'status' | 'statusReason'>,
  commandFor: (words: string) => string,
): string | undefined {
  const because = statusReason ? `: ${statusReason}` : '';
  switch (status) {
    case 'halted':
      return `${id} halted by itself${because}. When that is put right, go on with: ${commandFor(`digests resume ${id}`)}`;
    case 'paused':
      return `${id} is paused${because}. Go on with: ${commandFor(`digests resume ${id}`)}`;
    case 'cancelled':
      return `${id} is cancelled${because}: what was not sent yet never will be.`;
    case 'expired':
      return `${id} has expired${because}: it is too old to be sent.`;
    case 'ready':
    case 'finished':
      return undefined;
    default:
      return status satisfies never;
  }
}

/** The commands that retry deliveries, if some did not go out and still may. */
export function retryHints(
  { id, status, counts, openBatches }: ShownDigest,
  commandFor: (words: string) => string,
): string[] {
  if (status !== 'ready' || openBatches > 0) return [];
  const retry = (state: string) => commandFor(`digests retry ${id} --state ${state}`);
  return [
    counts.failed > 0 ? `Try again what failed: ${retry('failed')}` : '',
    counts.unknown > 0 ? `Send again what is unknown, at the risk of sending it twice: ${retry('unknown')}` : '',
  ].filter(Boolean);
}

/** `2 h 5 min`, `3 min 20 s`, `12 s` */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole >= 3600) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${whole} s`;
}

/** The papers that are not in a digest, each with the reason. */
export function leftOutLines(leftOut: readonly (LeftOut & { title?: string | undefined })[] = []): string[] {
  const why = ({ reason, inDaily, fault }: LeftOut) =>
    reason === 'seen' ? `in ${inDaily} already` : fault ? `${reason}: ${fault}` : reason;
  const lines = leftOut.map(one => `  ${one.id} (${why(one)}) ${one.title ?? ''}`.trimEnd());
  return lines.length > 0 ? ['', 'Left out:', ...lines] : [];
}
