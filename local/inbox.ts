import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { guard } from './guard.ts';
import { close, listen } from './listen.ts';

// The package is CommonJS with an ES default export, which Node's import puts one level deeper.
const startServer = (
  createRequire(import.meta.url)('aws-ses-v2-local') as {
    default: (config: { host: string; port: number }) => Promise<Server>;
  }
).default;

/** A web page that shows mails as they arrive. */
export interface Inbox {
  url: string;
  /** Shows a MIME message. Mails appear in the order of the calls. */
  show(raw: Uint8Array): void;
  /** Resolves when every message is shown. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts the inbox of aws-ses-v2-local on the loopback address.
 * @param port 0 for any free one
 * @throws PortInUseError
 */
export async function startInbox(port: number, onError: (message: string) => void): Promise<Inbox> {
  // The package does not report that its port is taken.
  const probe = createServer();
  await listen(probe, port);
  await close(probe);
  const server = guard(await startServer({ host: '127.0.0.1', port }));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // The package keeps the mails of the process: an inbox before this one may have left some.
  await fetch(`${url}/clear-store`, { method: 'POST' });
  let last = Promise.resolve();

  async function post(raw: Uint8Array): Promise<void> {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: 'AWS4-HMAC-SHA256 local' },
      body: new URLSearchParams({ Action: 'SendRawEmail', 'RawMessage.Data': Buffer.from(raw).toString('base64') }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  }

  return {
    url,
    show(raw) {
      last = last.then(() => post(raw)).catch(error => onError(`The inbox could not show a mail. ${error}`));
    },
    idle: () => last,
    async stop() {
      await last;
      await close(server);
    },
  };
}
