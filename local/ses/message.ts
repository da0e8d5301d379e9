import { type Form, listOf, SesError, tagsOf } from './protocol.ts';

export interface Header {
  name: string;
  value: string;
}

/** A message that SES has accepted. */
export interface AcceptedMessage {
  messageId: string;
  /** Envelope sender: the `Source` parameter, else the MIME `From`. */
  from: string;
  to: string[];
  tags: Record<string, string>;
  /** Without one, no events are published, as in SES. */
  configurationSet: string | undefined;
  headers: Header[];
  /** The MIME as it came. */
  raw: Buffer;
  /** Epoch milliseconds. */
  at: number;
}

/** SES v1's limits: bytes a message (before base64), recipients a message. */
const maxBytes = 10 * 1024 * 1024;
const maxRecipients = 50;

/**
 * Reads the parameters of SendRawEmail, with SES's own checks.
 * @throws SesError InvalidParameterValue or MessageRejected
 */
export function readRawEmail(form: Form): Omit<AcceptedMessage, 'messageId' | 'at'> {
  const data = form.get('RawMessage.Data');
  if (!data) throw new SesError('ValidationError', "1 validation error: 'rawMessage.data' must not be null");
  const raw = Buffer.from(data, 'base64');
  if (raw.length > maxBytes) {
    throw new SesError('InvalidParameterValue', `Message length is more than ${maxBytes} bytes long: ${raw.length}.`);
  }
  const headers = readHeaders(raw);
  const from = form.get('Source') ?? headerOf(headers, 'From');
  if (!from) throw new SesError('InvalidParameterValue', "Missing required header 'From'.");

  const destinations = listOf(form, 'Destinations');
  const named = destinations.length > 0 ? destinations : ['To', 'Cc', 'Bcc'].map(name => headerOf(headers, name) ?? '');
  const to = named.flatMap(addressesIn);
  if (to.length === 0) throw new SesError('InvalidParameterValue', "Missing final '@domain'");
  if (to.length > maxRecipients) throw new SesError('InvalidParameterValue', 'Recipient count exceeds 50.');
  for (const address of to) checkAddress(address);

  const tags = { ...tagsInHeader(headerOf(headers, 'X-SES-MESSAGE-TAGS')), ...tagsOf(form) };
  for (const [name, value] of Object.entries(tags)) {
    if (!/^[\w-]{1,256}$/.test(name)) throw new SesError('InvalidParameterValue', `Invalid tag name <${name}>.`);
    if (!/^[\w-]{1,256}$/.test(value)) throw new SesError('InvalidParameterValue', `Invalid tag value <${value}>.`);
  }
  const configurationSet = form.get('ConfigurationSetName') ?? headerOf(headers, 'X-SES-CONFIGURATION-SET');
  return { from, to, tags, configurationSet: configurationSet || undefined, headers, raw };
}

/** The header block with continuation lines joined (RFC 5322 section 2.2.3). The body is not read. */
export function readHeaders(raw: Buffer): Header[] {
  const blank = raw.indexOf('\r\n\r\n');
  const end = blank >= 0 ? blank : raw.indexOf('\n\n');
  const block = raw.toString('latin1', 0, end >= 0 ? end : raw.length);
  return block
    .replace(/\r?\n(?=[ \t])/g, '')
    .split(/\r?\n/)
    .flatMap(line => {
      const colon = line.indexOf(':');
      return colon > 0 ? { name: line.slice(0, colon), value: line.slice(colon + 1).trim() } : [];
    });
}

export function headerOf(headers: Header[], name: string): string | undefined {
  return headers.find(header => header.name.toLowerCase() === name.toLowerCase())?.value;
}

/** The addresses of a list such as `"Doe, Jane" <jane@example.com>, joe@example.com`. */
function addressesIn(list: string): string[] {
  return list
    .replace(/"(?:[^"\\]|\\.)*"(?!@)/g, '')
    .split(',')
    .map(item => (/<([^<>]*)>/.exec(item)?.[1] ?? item).trim())
    .filter(address => address !== '');
}

function checkAddress(address: string): void {
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1) throw new SesError('InvalidParameterValue', "Missing final '@domain'");
  for (const character of address) {
    const code = character.charCodeAt(0);
    if (code <= 32 || code === 127) {
      throw new SesError('InvalidParameterValue', 'Local address contains control or whitespace');
    }
    // SES refuses non-ASCII local parts, and takes domains only as punycode.
    if (code > 127) throw new SesError('InvalidParameterValue', 'Local address contains non-ASCII characters');
  }
}

/** The tags of an X-SES-MESSAGE-TAGS header: `name1=value1, name2=value2`. */
function tagsInHeader(value: string | undefined): Record<string, string> {
  const pairs = (value ?? '').split(/[,;]/).flatMap(pair => {
    const at = pair.indexOf('=');
    return at > 0 ? [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()] as const] : [];
  });
  return Object.fromEntries(pairs);
}
