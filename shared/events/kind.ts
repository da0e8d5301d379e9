import type * as z from 'zod';

/** Most keys of an unknown event, and most characters of a name, that a message shows. */
const keysShown = 8;
const nameLength = 64;

/** The form of names that AWS and this project give. An address or a token has another form, or is longer. */
const namePattern = new RegExp(`^[A-Za-z$][A-Za-z0-9 ._:/$-]{0,${nameLength - 1}}$`);
const keyPattern = /^[A-Za-z][A-Za-z0-9-]{0,31}$/;

/** Faults of zod whose messages quote the expectation, never the value. */
const plainFaults = new Set(['invalid_type', 'invalid_format', 'too_small', 'too_big', 'invalid_value']);

/**
 * The kind of an event, for an error message: its form and its stated origin, never its content. A stranger may have
 * written it, so names of another form than AWS's and this project's are not shown.
 * @returns some words like `an event of "aws.scheduler" of type "Scheduled Event"`, at most about 300 characters
 */
export function kindOf(event: unknown): string {
  if (event === undefined || event === null) return 'nothing';
  if (Array.isArray(event)) return 'a list';
  if (!isObject(event)) return typeof event === 'string' ? 'a text' : `a ${typeof event}`;
  const { requestContext, Records } = event;
  if ('detail-type' in event) {
    return `an event of ${nameOf(event.source)} of type ${nameOf(event['detail-type'])}`;
  }
  if ('timer' in event) return `the timer ${nameOf(event.timer)}`;
  if (Array.isArray(Records)) {
    const [first] = Records as unknown[];
    return isObject(first)
      ? `records of ${nameOf(first.eventSource ?? first.EventSource)}`
      : 'an empty list of records';
  }
  if (isObject(requestContext)) {
    if ('requestPayload' in event) return 'the record of a failed invocation, whose requestPayload is the event';
    const authorizer = isObject(requestContext.authorizer) ? requestContext.authorizer : {};
    if ('http' in requestContext) {
      return `a request of an HTTP API, ${'iam' in authorizer ? 'IAM-signed' : 'not signed'}, payload ${nameOf(event.version)}`;
    }
  }
  if ('TopicArn' in event) return `a message of a topic, type ${nameOf(event.Type)}`;
  const type = event.eventType ?? event.notificationType;
  if (isObject(event.mail)) return `a report on a mail, type ${nameOf(type)}`;
  return shapeOf(event);
}

/** An event, or a message of a queue, that a function does not know. It is retried, and ends in a dead-letter queue. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';

  /**
   * @param reader the function's name, or the name of another reader
   * @param expected the events that the reader knows
   * @param mismatch the faults of an event of a known kind
   */
  constructor(reader: string, event: unknown, expected: string, mismatch?: z.ZodError) {
    const faults = mismatch ? faultsOf(mismatch) : [];
    const where = faults.length > 0 ? ` (${faults.join('; ')})` : '';
    super(`${reader} does not know ${kindOf(event)}${where}. It knows ${expected}.`);
  }
}

/** The fields that don't fit, each with what its schema expects. */
function faultsOf({ issues }: z.ZodError): string[] {
  return issues.slice(0, 3).flatMap(({ path, code, message }) => {
    const field = path.map(part => (keyPattern.test(String(part)) ? part : '…')).join('.');
    if (!field) return [];
    return plainFaults.has(code) ? `${field}: ${message.slice(0, 100)}` : field;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf(value: unknown): string {
  if (value === undefined) return 'no name';
  return typeof value === 'string' && (namePattern.test(value) || /^\d+\.\d+$/.test(value))
    ? `"${value}"`
    : 'a name of another form';
}

function shapeOf(event: Record<string, unknown>): string {
  const keys = Object.keys(event);
  const shown = keys.filter(key => keyPattern.test(key)).slice(0, keysShown);
  if (keys.length === 0) return 'an empty object';
  const others = keys.length - shown.length;
  if (shown.length === 0) return `an object with ${others} fields of other names`;
  return `an object with ${shown.join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
