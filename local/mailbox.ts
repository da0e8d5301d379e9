import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AcceptedMessage } from './ses/message.ts';

/** Keeps every accepted mail as an `.eml` file, which mail programs open. */
export interface Mailbox {
  save(message: Pick<AcceptedMessage, 'messageId' | 'at' | 'raw'>): void;
  /** The newest saved mails, oldest first. */
  newest(count: number): AsyncGenerator<Buffer>;
  /** Resolves when everything is on disk. */
  stop(): Promise<void>;
}

/** @param onError called for every mail that could not be written */
export async function openMailbox(folder: string, onError: (message: string) => void): Promise<Mailbox> {
  await mkdir(folder, { recursive: true });
  const underWay = new Set<Promise<void>>();
  return {
    save({ messageId, at, raw }) {
      // The time comes first, so that names sort by it; without colons, which Windows refuses.
      const name = `${new Date(at).toISOString().replaceAll(':', '-')}-${messageId}.eml`;
      const writing = writeFile(join(folder, name), raw)
        .catch(error => onError(`A mail could not be saved. ${error}`))
        .finally(() => underWay.delete(writing));
      underWay.add(writing);
    },
    async *newest(count) {
      const names = (await readdir(folder)).filter(name => name.endsWith('.eml')).sort();
      for (const name of names.slice(-count)) yield await readFile(join(folder, name));
    },
    async stop() {
      await Promise.all(underWay);
    },
  };
}
