import PostalMime from 'postal-mime';
import { type AcceptedMessage, headerOf } from './ses/message.ts';

/** Seconds to wait for one mail: it takes a few with 1,000 subscribers at once. */
const patienceSeconds = 60;

/**
 * The mails that readers got. To save memory it keeps a confirmation until it is read, one whole mail of each digest,
 * and each reader's `List-Unsubscribe` link.
 */
export function collectMails() {
  const confirmations = new Map<string, Buffer>();
  const awaited = new Map<string, (raw: Buffer) => void>();
  const digests = new Map<string, DeliveredDigest>();

  return {
    /** SES calls it with every accepted mail. */
    accepted({ to: [address = ''], tags, headers, raw }: AcceptedMessage): void {
      if (tags.digest) {
        const digest = digests.get(tags.digest) ?? { example: raw, links: new Map<string, string[]>() };
        digests.set(tags.digest, digest);
        const link = /<(https?:[^>]+)>/.exec(headerOf(headers, 'List-Unsubscribe') ?? '')?.[1] ?? '';
        digest.links.set(address, [...(digest.links.get(address) ?? []), link]);
      } else {
        const take = awaited.get(address);
        if (take) take(raw);
        else confirmations.set(address, raw);
      }
    },

    /** The delivered mails of a digest. */
    digest(id: string): DeliveredDigest | undefined {
      return digests.get(id);
    },

    /** The link in the confirmation mail to an address. It waits for the mail. */
    async confirmationLink(address: string): Promise<string> {
      const raw = confirmations.get(address) ?? (await arrival(address));
      confirmations.delete(address);
      const { text = '' } = await PostalMime.parse(raw);
      const link = /https?:\/\/[^\s/]+\/subscriptions\/confirm\?token=\S+/.exec(text)?.[0];
      if (!link) throw new Error(`The confirmation mail to ${address} has no link.`);
      return link;
    },
  };

  function arrival(address: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`No confirmation mail came to ${address} in ${patienceSeconds} seconds.`)),
        patienceSeconds * 1000,
      );
      awaited.set(address, raw => {
        clearTimeout(timer);
        awaited.delete(address);
        resolve(raw);
      });
    });
  }
}

export interface DeliveredDigest {
  /** One of its mails, whole. */
  example: Buffer;
  /** By address, the one-click links of the mails that came. */
  links: Map<string, string[]>;
}
