/**
 * Time that stands still while anything runs, real calls over the wire included, and jumps to the next waiter when
 * everything waits: seconds of pacing are tested in a moment, and the same on any machine. Its caller is the first
 * thread; more are started with `sideBySide` alone.
 */
export function createVirtualTime(start: number) {
  const sleepers: { until: number; wake: () => void }[] = [];
  let now = start;
  let running = 1;

  function rest(): void {
    running -= 1;
    if (running > 0) return;
    sleepers.sort((a, b) => a.until - b.until);
    const next = sleepers.shift();
    if (!next) return;
    now = Math.max(now, next.until);
    running += 1;
    next.wake();
  }

  return {
    now: () => now,
    sleep(milliseconds: number): Promise<void> {
      return new Promise(wake => {
        sleepers.push({ until: now + milliseconds, wake });
        rest();
      });
    },
    /** Runs some threads and waits for all of them. */
    async sideBySide<T>(threads: (() => Promise<T>)[]): Promise<T[]> {
      let left = threads.length;
      running += left - 1;
      return Promise.all(
        threads.map(async thread => {
          try {
            return await thread();
          } finally {
            left -= 1;
            // The last one leaves its place to the thread that waits for all.
            if (left > 0) rest();
          }
        }),
      );
    },
  };
}

export type VirtualTime = ReturnType<typeof createVirtualTime>;
