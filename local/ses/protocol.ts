import { randomUUID } from 'node:crypto';

/*
 * The AWS Query protocol as SES v1 speaks it: an urlencoded POST in, XML out.
 * https://docs.aws.amazon.com/ses/latest/APIReference/API_SendRawEmail.html
 */

/** A refusal with the code that becomes the name of the AWS SDK's error. */
export class SesError extends Error {
  override name = 'SesError';
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

export type Form = Map<string, string>;

/** Parses an urlencoded body. Faster than URLSearchParams, since most of it is one long base64 value. */
export function parseForm(body: string): Form {
  const form: Form = new Map();
  for (const pair of body.split('&')) {
    const at = pair.indexOf('=');
    if (at > 0) form.set(decode(pair.slice(0, at)), decode(pair.slice(at + 1)));
  }
  return form;
}

function decode(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch {
    throw new SesError('MalformedQueryString', 'The query string is malformed.');
  }
}

/** The values of a list parameter: `Destinations.member.1`, `.2` … */
export function listOf(form: Form, name: string): string[] {
  const values: string[] = [];
  for (let value = form.get(`${name}.member.1`); value !== undefined; ) {
    values.push(value);
    value = form.get(`${name}.member.${values.length + 1}`);
  }
  return values;
}

/** The `Tags` parameter as an object. */
export function tagsOf(form: Form): Record<string, string> {
  const tags: Record<string, string> = {};
  for (let n = 1; form.has(`Tags.member.${n}.Name`); n += 1) {
    tags[form.get(`Tags.member.${n}.Name`) ?? ''] = form.get(`Tags.member.${n}.Value`) ?? '';
  }
  return tags;
}

const xmlns = 'http://ses.amazonaws.com/doc/2010-12-01/';

/** The XML of a successful call; `result` holds the elements of its `…Result`. */
export function successXml(action: string, result: Record<string, string | number | boolean>): string {
  const elements = Object.entries(result).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  return (
    `<${action}Response xmlns="${xmlns}"><${action}Result>${elements.join('')}</${action}Result>` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  );
}

export function errorXml(error: SesError): string {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return (
    `<ErrorResponse xmlns="${xmlns}"><Error><Type>${type}</Type><Code>${error.code}</Code>` +
    `<Message>${escapeXml(error.message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`
  );
}

function escapeXml(text: string): string {
  return text.replace(/[&<>]/g, character => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '');
}
