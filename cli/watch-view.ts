import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import type { ShownDigest } from '../functions/admin-api/digests/contract.ts';
import type { Terminal } from './define-command.ts';
import { endedOf, type Pace } from './pace.ts';
import { durationText, plain, statesText } from './text.ts';

/** A digest at one moment. */
export interface Sighting extends Pace {
  digest: ShownDigest;
  /** Epoch milliseconds. */
  at: number;
}

/** Shows a watched digest. */
export interface WatchView {
  /** @param changed whether the digest has changed, and not only its pace */
  update(sighting: Sighting, changed: boolean): void;
  /** Shows a message to the operator. */
  note(line: string): void;
  /** @param line the last message to the operator */
  end(line: string): void;
}

/** A bar on a terminal; elsewhere a line for each change, or JSON lines when wanted. */
export function createView({ out, err }: Pick<Terminal, 'out' | 'err'>, json: boolean): WatchView {
  if (json) return jsonLines(out, err);
  return out.isTTY ? bar(out) : lines(out);
}

/** Only JSON on standard output, for the program that reads it. Notes go to standard error. */
function jsonLines(out: NodeJS.WritableStream, err: NodeJS.WritableStream): WatchView {
  return {
    update({ digest, at, perSecond, secondsLeft }, changed) {
      if (!changed) return;
      const line = {
        at: new Date(at).toISOString(),
        ...digest,
        perSecond: Math.round(perSecond * 10) / 10,
        ...(secondsLeft !== undefined && { secondsLeft: Math.ceil(secondsLeft) }),
      };
      out.write(`${JSON.stringify(line)}\n`);
    },
    note: line => say(err, line),
    end: line => say(err, line),
  };
}

function lines(out: NodeJS.WritableStream): WatchView {
  return {
    update(sighting, changed) {
      const { digest, at } = sighting;
      const time = new Date(at).toISOString();
      if (changed) out.write(`${time} ${digest.status}: ${statesText(digest)}, ${paceText(sighting)}\n`);
    },
    note: line => say(out, line),
    end: line => say(out, line),
  };
}

/** Characters. */
const barWidth = 30;

/** Three lines that are drawn again in place. Notes stay above them. */
function bar(out: Terminal['out']): WatchView {
  let drawn: string[] = [];
  const erase = () => {
    moveCursor(out, 0, -drawn.length);
    cursorTo(out, 0);
    clearScreenDown(out);
  };
  const draw = (lines: string[]) => {
    erase();
    // A line that the terminal wraps would take two lines, so lines are cut.
    drawn = lines.map(line => line.slice(0, (out.columns ?? 80) - 1));
    out.write(drawn.map(line => `${line}\n`).join(''));
  };
  return {
    update(sighting) {
      const { id, status, counts, openBatches } = sighting.digest;
      const { planned, sent, failed, suppressed, unknown, resent } = counts;
      const ended = endedOf(counts);
      const full = planned > 0 ? Math.floor((barWidth * ended) / planned) : 0;
      draw([
        `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${ended} of ${planned}, ${paceText(sighting)}`,
        `${id} ${status}  planned ${planned}  open batches ${openBatches}`,
        `sent ${sent}  failed ${failed}  suppressed ${suppressed}  unknown ${unknown}  resent ${resent}`,
      ]);
    },
    note(line) {
      const below = drawn;
      erase();
      drawn = [];
      say(out, line);
      draw(below);
    },
    end: line => say(out, line),
  };
}

function say(stream: NodeJS.WritableStream, line: string): void {
  stream.write(`${plain(line)}\n`);
}

/** `14.2/s, 3 min 20 s left` */
function paceText({ digest, perSecond, secondsLeft }: Sighting): string {
  const { planned, unknown } = digest.counts;
  const rate = `${perSecond.toFixed(1)}/s`;
  if (secondsLeft !== undefined) return `${rate}, ${durationText(secondsLeft)} left`;
  if (digest.planning) return `${rate}, ${digest.askedAt ? 'waiting for the planner' : 'being planned'}`;
  if (endedOf(digest.counts) < planned) return `${rate}, ${digest.status === 'ready' ? 'waiting' : digest.status}`;
  return digest.openBatches > 0 && unknown > 0 ? `${rate}, waiting for SES’s word` : rate;
}
