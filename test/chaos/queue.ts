import { randomUUID } from 'node:crypto';
import { pick } from './kills.ts';
import type { QueueMessage } from './task.ts';

interface Entry extends QueueMessage {
  visibleAt: number;
  receives: number;
}

interface QueueOptions {
  /** Epoch ms, on the clock that the workers have: it jumps. */
  now: () => number;
  /** How long a message that was handed out stays away, milliseconds. */
  visibility: number;
  /** A message that was handed out so often is dead. */
  maxReceives: number;
  /** From 0 to 1. */
  random: () => number;
  /** Hands out the oldest first; otherwise in any order. */
  ordered?: boolean;
}

/**
 * A queue that delivers at least once and in any order, as SQS does, on a clock that can jump: what a killed worker had
 * taken comes again after its visibility time, and a test can't wait for that.
 */
export class Queue {
  private entries: Entry[] = [];

  constructor(private readonly options: QueueOptions) {}

  send(body: string, delayMilliseconds = 0): void {
    this.entries.push({ id: randomUUID(), body, visibleAt: this.options.now() + delayMilliseconds, receives: 0 });
  }

  hasVisible(): boolean {
    const now = this.options.now();
    return this.entries.some(entry => entry.visibleAt <= now);
  }

  /** @param duplicate probability (0 to 1) that a message stays to be handed out once more */
  receive(most: number, duplicate: number): QueueMessage[] {
    const { now, visibility, maxReceives, random, ordered = false } = this.options;
    const taken: QueueMessage[] = [];
    let visible = this.entries.filter(entry => entry.visibleAt <= now());
    while (taken.length < most && visible.length > 0) {
      const entry = ordered ? (visible[0] as Entry) : pick(visible, random);
      visible = visible.filter(other => other !== entry);
      entry.receives += 1;
      if (entry.receives > maxReceives) {
        this.remove(entry.id);
        continue;
      }
      taken.push({ id: entry.id, body: entry.body });
      if (random() >= duplicate) entry.visibleAt = now() + visibility;
    }
    return taken;
  }

  /** Deletes a message that has done its work; another worker that was handed it too still has it. */
  remove(id: string): void {
    this.entries = this.entries.filter(entry => entry.id !== id);
  }
}
