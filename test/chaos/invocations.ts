import { setTimeout as sleep } from 'node:timers/promises';
import type { Chances } from './faults.ts';
import { chooseKill } from './kills.ts';
import type { Queue } from './queue.ts';
import type { Sandbox, Sandboxes } from './sandboxes.ts';
import type { Order, Task } from './task.ts';

interface Surroundings {
  batches: Queue;
  events: Queue;
  /** Of domain events. */
  bus: Queue;
  /** Of readers who press the button of their confirmation mail. */
  presses: Queue;
  time: { offset: number };
  /** From 0 to 1. */
  random: () => number;
}

/** Most invocations at once that a queue has, and most messages that each takes. */
const most = { send: 3, feedback: 1, confirm: 2, welcome: 2 };
const messagesPerInvocation = { send: 1, feedback: 50, confirm: 1, welcome: 1 };
type Fed = keyof typeof most;
/** Time limits of a function, milliseconds: when things go wrong, and when nothing does. */
const roughLimit = 2_500;
const calmLimit = 60_000;
/** The least time that each function can do something in. */
const shortLimits = { plan: 1_100, requeue: 100, retry: 100, send: 450, feedback: 100, confirm: 300, welcome: 300 };
/**
 * A planner that dies keeps all others out for half a minute: with too many of them there is nothing to send. Each worker that
 * dies costs as much as ten confirmations.
 */
const killedLess: Partial<Record<Task['type'], number>> = { plan: 0.5, confirm: 0.3, welcome: 0.5 };
/** How often the queues are looked at, milliseconds. */
const poll = 5;

/** A planner waits for another one, and gives up; an answer was lost at each of three attempts. */
const expectedWhenRough = /planner was at work|socket hang up|welcomes could not be planned/;

/** Lambda, its event source mappings and its time limits, as reliable as they promise to be and no more. */
export class Invocations {
  /** The faults to cause, each with its chance; undefined: none. */
  chances: Chances | undefined;
  kills = 0;
  readonly boundaries = new Map<string, number>();
  readonly problems: string[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly busy = new Set<Sandbox>();
  private readonly working = { send: 0, feedback: 0, confirm: 0, welcome: 0 };
  private doomed = new Set<Sandbox>();

  constructor(
    private readonly sandboxes: Sandboxes,
    private readonly around: Surroundings,
  ) {}

  /** Invokes a function, after some milliseconds. */
  start(task: Task, delay = 0): void {
    const invocation = sleep(delay)
      .then(() => this.invoke(task))
      .finally(() => this.underWay.delete(invocation));
    this.underWay.add(invocation);
  }

  /**
   * Hands out what is on the queues until nothing is left to do, or the time (milliseconds) is over.
   * @param only `events`: batches stay where they are
   */
  async untilQuiet(milliseconds: number, only?: 'events'): Promise<void> {
    const end = Date.now() + milliseconds;
    while (Date.now() < end) {
      const fed: Fed[] = ['feedback', 'confirm', 'welcome', ...(only === 'events' ? [] : (['send'] as const))];
      if (fed.some(type => this.handOut(type))) continue;
      if (this.underWay.size === 0) {
        // SES publishes a little later than it answers.
        await sleep(2 * poll);
        if (this.underWay.size === 0 && !fed.some(type => this.queueOf(type).hasVisible())) return;
      }
      await sleep(poll);
    }
    if (!this.chances) this.problems.push(`work went on for longer than ${milliseconds} ms with nothing going wrong`);
  }

  /** Ends whatever still runs, as the end of its time limit would. */
  async endAll(): Promise<void> {
    while (this.underWay.size > 0) {
      for (const sandbox of this.busy) this.kill(sandbox);
      await Promise.race([...this.underWay, sleep(poll)]);
    }
  }

  private queueOf(type: Fed): Queue {
    const { batches, events, presses, bus } = this.around;
    return { send: batches, feedback: events, confirm: presses, welcome: bus }[type];
  }

  private handOut(type: Fed): boolean {
    if (this.working[type] >= most[type]) return false;
    const duplicate = type === 'send' ? (this.chances?.double ?? 0) : 0;
    const messages = this.queueOf(type).receive(messagesPerInvocation[type], duplicate);
    if (messages.length === 0) return false;
    this.start({ type, messages });
    // Counted from now on, and not only once it runs.
    this.working[type] += 1;
    return true;
  }

  private async invoke(task: Task): Promise<void> {
    const rough = this.chances !== undefined;
    const sandbox = await this.sandboxes.take();
    const order = this.orderFor(task);
    this.busy.add(sandbox);
    const timers = this.disturb(sandbox, order);
    const answer = await sandbox.run(order);
    for (const timer of timers) clearTimeout(timer);
    sandbox.kill('SIGCONT');
    this.busy.delete(sandbox);
    if ('messages' in task) this.working[task.type] -= 1;
    if (answer === 'killed') {
      this.noteKill(order, sandbox);
      return;
    }
    this.sandboxes.giveBack(sandbox);
    if (!answer.ok) {
      if (!rough || !expectedWhenRough.test(answer.error)) {
        this.problems.push(`${task.type}: ${firstLines(answer.error)}`);
      }
      return;
    }
    if (!('messages' in task)) return;
    const queue = this.queueOf(task.type);
    for (const { id } of task.messages) if (!answer.failed.includes(id)) queue.remove(id);
  }

  private orderFor(task: Task): Order {
    const { random, time } = this.around;
    const offset = time.offset;
    const seed = Math.floor(random() * 2 ** 32);
    if (!this.chances) return { task, offset, deadline: Date.now() + calmLimit, lostAnswers: 0, seed };
    const { kill, timeout, skew, lostAnswers } = this.chances;
    const limit = random() < timeout ? shortLimits[task.type] + random() * 700 : roughLimit;
    const isKilled = random() < kill * (killedLess[task.type] ?? 1);
    return {
      task,
      offset: offset + Math.round((2 * random() - 1) * skew),
      deadline: Date.now() + Math.round(limit),
      lostAnswers,
      seed,
      kill: isKilled ? chooseKill(task.type, random) : undefined,
    };
  }

  /** Disturbs an invocation from outside: by its time limit, a kill, a standstill. */
  private disturb(sandbox: Sandbox, { deadline }: Order): NodeJS.Timeout[] {
    const { random } = this.around;
    const timers = [setTimeout(() => this.kill(sandbox), deadline - Date.now())];
    if (!this.chances) return timers;
    if (random() < this.chances.killAtRandom) timers.push(setTimeout(() => this.kill(sandbox), random() * 600));
    if (random() < this.chances.freeze) {
      const at = random() * 300;
      timers.push(setTimeout(() => sandbox.kill('SIGSTOP'), at));
      timers.push(setTimeout(() => sandbox.kill('SIGCONT'), at + random() * 1_000));
    }
    return timers;
  }

  private kill(sandbox: Sandbox): void {
    this.doomed.add(sandbox);
    sandbox.kill();
  }

  private noteKill({ task, kill }: Order, sandbox: Sandbox): void {
    this.kills += 1;
    const where = this.doomed.has(sandbox) || !kill ? 'at a random time' : `${kill.call} ${kill.phase}`;
    const boundary = `${task.type} ${where}`;
    this.boundaries.set(boundary, (this.boundaries.get(boundary) ?? 0) + 1);
  }
}

/** An error and where it came from, without the whole way there. */
function firstLines(error: string): string {
  return error.split('\n').slice(0, 3).join('\n').trim();
}
