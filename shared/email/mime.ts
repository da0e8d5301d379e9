import MailComposer from 'nodemailer/lib/mail-composer';

interface Message {
  from: { name: string; address: string };
  /** The address for answers, already validated. */
  replyTo?: string;
  /** One recipient's address, already validated. */
  to: string;
  subject: string;
  html: string;
  text: string;
  /** Further header fields, in printable ASCII, which stay unchanged. */
  headers: Record<string, string>;
  /** With angle brackets; generated at the sender's domain when missing. SES replaces it, and `date`, by its own. */
  messageId?: string;
  date: Date;
}

/** RFC 5322 section 2.1.1: octets a line, without its CRLF. */
const longestLine = 998;

/**
 * The raw message (RFC 5322, MIME multipart/alternative, quoted-printable UTF-8) for `SendRawEmail`.
 * @throws Error when one of `headers` would break the message
 */
export async function composeMessage(message: Message): Promise<Buffer> {
  const { from, to, replyTo, headers, date, ...parts } = message;
  const composer = new MailComposer({
    ...parts,
    date,
    from,
    // An object is one address. A text would be parsed for names, groups and lists.
    to: { name: '', address: to },
    ...(replyTo && { replyTo: { name: '', address: replyTo } }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, verbatim(name, value)])),
    encoding: 'quoted-printable',
    newline: 'win',
  });
  return composer.compile().build();
}

/** Keeps a header on one line: some mail clients don't read a folded or encoded address in angle brackets. */
function verbatim(name: string, value: string): { prepared: true; foldLines: false; value: string } {
  const line = `${name}: ${value}`;
  if (!/^[A-Za-z0-9-]+: [\x20-\x7e]+$/.test(line) || line.length > longestLine) {
    throw new Error(`The header ${JSON.stringify(name.slice(0, 50))} is not one line of printable ASCII.`);
  }
  return { prepared: true, foldLines: false, value };
}
