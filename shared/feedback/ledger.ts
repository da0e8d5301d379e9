/*
 * Feedback is counted exactly, although no transaction covers an event and its counts. A process adds events under an
 * entry: a writer's name and a number that rises by one. Each kept event names its entry. Each item of counts names,
 * for each writer, the last entry added to it; the write that adds an entry also sets this number. So a repeated event
 * shows whether it has been counted. If not, its writer is barred from the item, and the event is counted under another
 * entry (docs/decisions/0007-feedback-is-counted-by-entries.md).
 */

/** The mark under which one invocation adds its events to counts. */
export interface Entry {
  writer: string;
  /** From 1. */
  number: number;
}

export interface Ledger {
  /** An entry of a writer that no other invocation uses at the moment. */
  open(): Entry;
  /** Call it once all events of the entry are counted. An entry that is never closed is the last of its writer. */
  close(entry: Entry): void;
}

/** The entries of one process. @param newWriter makes a name that no writer has had */
export function createLedger(newWriter: () => string): Ledger {
  const idle: Entry[] = [];
  return {
    open() {
      const last = idle.pop();
      return last ? { writer: last.writer, number: last.number + 1 } : { writer: newWriter(), number: 1 };
    },
    close(entry) {
      idle.push(entry);
    },
  };
}
