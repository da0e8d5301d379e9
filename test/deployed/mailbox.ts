import { createServer, type Socket } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { until } from '../support/until.ts';

/** MiniStack hands captured mails on by SMTP, headers and all, to where its SMTP_HOST points. */
const port = 2525;

export interface Mailbox {
  /** The next mail to `address` that was not taken yet. */
  take(address: string): Promise<Email>;
  /** How many mails to `address` are waiting. */
  count(address: string): number;
  close(): Promise<void>;
}

/** Receives one mail after another on a connection: as much of SMTP (RFC 5321) as a relay needs. */
function receive(socket: Socket, keep: (raw: string) => void): void {
  let buffer = '';
  let inData = false;
  socket.write('220 mailbox\r\n');
  socket.setEncoding('latin1').on('data', chunk => {
    buffer += chunk;
    for (;;) {
      const terminator = inData ? '\r\n.\r\n' : '\r\n';
      const end = buffer.indexOf(terminator);
      if (end < 0) return;
      const text = buffer.slice(0, end);
      buffer = buffer.slice(end + terminator.length);
      if (inData) {
        // RFC 5321 section 4.5.2: a line's leading dot was doubled.
        keep(text.replace(/^\.\./gm, '.'));
        inData = false;
        socket.write('250 kept\r\n');
      } else if (/^DATA$/i.test(text)) {
        inData = true;
        socket.write('354 go ahead\r\n');
      } else if (/^QUIT/i.test(text)) {
        socket.end('221 bye\r\n');
      } else {
        socket.write('250 mailbox\r\n');
      }
    }
  });
  socket.on('error', () => socket.destroy());
}

/** Opens the mailbox. @throws Error when the port is taken */
export async function openMailbox(): Promise<Mailbox> {
  const mails: Email[] = [];
  const server = createServer(socket =>
    receive(socket, raw => {
      PostalMime.parse(Buffer.from(raw, 'latin1')).then(mail => mails.push(mail));
    }),
  );
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject).listen(port, '127.0.0.1', resolve);
  });
  const isTo = (address: string) => (mail: Email) => mail.to?.some(recipient => recipient.address === address);
  return {
    take: address =>
      until(
        `no mail to ${address} came to port ${port} (is MiniStack running with SMTP_HOST=127.0.0.1:${port}?)`,
        () => {
          const at = mails.findIndex(isTo(address));
          return at < 0 ? undefined : mails.splice(at, 1)[0];
        },
        30,
      ),
    count: address => mails.filter(isTo(address)).length,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
