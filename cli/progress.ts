import { Presets, SingleBar } from 'cli-progress';

/** Shows the progress of some work. */
export interface ProgressBar {
  update(done: number, total: number): void;
  end(): void;
}

/** A bar on a terminal, from the first count on. None when the output is no terminal, or is not wanted. */
export function startProgress(what: string, wanted = true): ProgressBar {
  if (!wanted || !process.stdout.isTTY) return { update: () => undefined, end: () => undefined };
  const format = `   ${what} {bar} {value}/{total}`;
  const options = { format, stream: process.stdout, clearOnComplete: true, barsize: 30 };
  let bar: SingleBar | undefined;
  return {
    update(done, total) {
      if (total === 0) return;
      if (!bar) {
        bar = new SingleBar(options, Presets.shades_classic);
        bar.start(total, done);
      }
      bar.setTotal(total);
      bar.update(done);
    },
    end: () => bar?.stop(),
  };
}
