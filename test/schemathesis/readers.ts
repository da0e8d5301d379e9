import { setTimeout as sleep } from 'node:timers/promises';
import PostalMime from 'postal-mime';
import { CommandError } from '../../cli/command-line.ts';
import type { AcceptedMessage } from '../../local/ses/message.ts';

/** Milliseconds to wait for a mail, and between two looks. */
const patience = 60_000;
const pause = 50;

/** Readers who subscribe by the links in the mails that they get, as real ones do. */
export function createReaders() {
  const newest = new Map<string, Buffer>();

  async function linkFor(address: string, path: string): Promise<string> {
    for (const deadline = Date.now() + patience; Date.now() < deadline; await sleep(pause)) {
      const raw = newest.get(address);
      const { text = '' } = raw ? await PostalMime.parse(raw) : {};
      const link = text.split(/\s/).find(word => word.includes(`${path}?token=`));
      if (link) return link;
    }
    throw new CommandError(`No mail with a link to ${path} came to ${address}.`);
  }

  return {
    /** For SES to tell of every accepted mail. */
    accepted({ to: [address = ''], raw }: AcceptedMessage): void {
      newest.set(address, raw);
    },

    /** Signs up, confirms, and asks for a link. @returns the manage token in it */
    async join(url: string, email: string): Promise<string> {
      const ask = (path: string) =>
        fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ email }),
        });
      await ask('/v1/subscriptions');
      await fetch(await linkFor(email, '/subscriptions/confirm'), { method: 'POST' });
      await ask('/v1/subscriptions/link');
      const link = await linkFor(email, '/preferences');
      return new URL(link).searchParams.get('token') ?? '';
    },
  };
}
