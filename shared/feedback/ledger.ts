/*
 * How feedback is counted exactly though there is no transaction over an event and the counts that it is added to. Who
 * adds events up does so under an entry: a writer's name and a number that rises by one. Each kept event says in which
 * entry it is counted; each item of counts says up to which of a writer's entries it has been added to, in the same write
 * that adds. So an event that comes again tells whether it has been counted; if not, its writer is barred from the item,
 * and it is counted in another entry. docs/decisions/0007-feedback-is-counted-by-entries.md
 */

/** Under what some events are counted. */
export interface Entry {
  writer: string;
  /** From 1. */
  number: number;
}

export interface Ledger {
  /** An entry of a writer that nobody else writes as just now. */
  open(): Entry;
  /** All that was to be counted in the entry has been. One that never comes to that is the last of its writer. */
  close(entry: Entry): void;
}

/** The entries of one process. @param newWriter a name that nobody has had */
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
