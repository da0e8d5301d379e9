import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { close, listen } from '../../local/listen.ts';

/*
 * A server that speaks AWS's protocols (JSON, REST-JSON, REST-XML, Query) and leaves to a test what it answers: for calls that no
 * emulator knows, or answers with the same to everybody.
 */

export type Input = Record<string, unknown>;
/** Answers by operation. An operation that is missing is denied, as by a policy that lacks it. */
export type Answers = Record<string, (input: Input) => unknown>;

/** An error of AWS's, by its code. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message = 'No.',
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Operations of the REST APIs: method, path with named parts, name. */
const rest: [RegExp, string][] = [
  [/^GET \/v2\/email\/account$/, 'GetAccount'],
  [/^GET \/v2\/email\/identities\/(?<EmailIdentity>[^/]+)$/, 'GetEmailIdentity'],
  [/^GET \/2015-03-31\/functions\/(?<FunctionName>[^/]+)\/configuration$/, 'GetFunctionConfiguration'],
  [/^GET \/2019-09-30\/functions\/(?<FunctionName>[^/]+)\/concurrency$/, 'GetFunctionConcurrency'],
  [/^GET \/2015-03-31\/event-source-mappings$/, 'ListEventSourceMappings'],
  [/^GET \/2016-08-19\/account-settings$/, 'GetAccountSettings'],
  [/^GET \/v2\/domainnames\/(?<DomainName>[^/]+)$/, 'GetDomainName'],
  [/^GET \/2013-04-01\/hostedzone\/(?<Id>[^/]+)$/, 'GetHostedZone'],
  [/^GET \/2013-04-01\/hostedzone\/(?<Id>[^/]+)\/rrset$/, 'ListResourceRecordSets'],
  [/^GET \/schedules\/(?<Name>[^/]+)$/, 'GetSchedule'],
];

interface Call {
  protocol: 'json' | 'rest' | 'rest-xml' | 'query';
  operation: string;
  input: Input;
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const body = await text(request);
  const target = request.headers['x-amz-target'];
  if (target) return { protocol: 'json', operation: String(target).split('.')[1] ?? '', input: JSON.parse(body) };
  if (request.headers['content-type']?.includes('urlencoded')) {
    const input = Object.fromEntries(new URLSearchParams(body));
    return { protocol: 'query', operation: String(input.Action), input };
  }
  const { pathname, searchParams } = new URL(request.url ?? '', 'http://aws');
  const line = `${request.method} ${pathname.replace(/\/$/, '')}`;
  for (const [pattern, operation] of rest) {
    const groups = pattern.exec(line)?.groups ?? (pattern.test(line) ? {} : undefined);
    if (!groups) continue;
    const parts = Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value ?? '')]);
    return {
      // Of the REST APIs here, Route 53's alone is of the time of XML.
      protocol: pathname.startsWith('/2013-04-01/') ? 'rest-xml' : 'rest',
      operation,
      input: { ...Object.fromEntries(searchParams), ...Object.fromEntries(parts) },
    };
  }
  return { protocol: 'rest', operation: line, input: {} };
}

/**
 * An answer as the protocols of XML write it.
 * @param itemOf the name of a list's items, by the list's
 */
function xml(value: unknown, itemOf = (_list: string) => 'member', list = ''): string {
  if (Array.isArray(value)) {
    const item = itemOf(list);
    return value.map(each => `<${item}>${xml(each, itemOf)}</${item}>`).join('');
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .map(([name, item]) => `<${name}>${xml(item, itemOf, name)}</${name}>`)
      .join('');
  }
  return String(value).replace(/[&<>]/g, character => `&#${character.charCodeAt(0)};`);
}

/** @returns the answer's status, headers and body */
function write({ protocol, operation }: Call, answer: unknown): [number, Record<string, string>, string] {
  if (answer instanceof AwsError) {
    const { code, message, status } = answer;
    if (protocol === 'query' || protocol === 'rest-xml') {
      const error = { Type: 'Sender', Code: code, Message: message };
      return [status, { 'content-type': 'text/xml' }, `<ErrorResponse>${xml({ Error: error })}</ErrorResponse>`];
    }
    const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
    return [status, headers, JSON.stringify({ __type: code, message })];
  }
  if (protocol === 'query') {
    const result = `<${operation}Response>${xml({ [`${operation}Result`]: answer })}</${operation}Response>`;
    return [200, { 'content-type': 'text/xml' }, result];
  }
  if (protocol === 'rest-xml') {
    // Lists are named by what they hold: NameServers of NameServer.
    const result = xml({ [`${operation}Response`]: answer }, name => name.replace(/s$/, ''));
    return [200, { 'content-type': 'text/xml' }, result];
  }
  return [200, { 'content-type': 'application/json' }, JSON.stringify(answer)];
}

/** Starts the server on a free port. `calls` names what it was asked, in order. */
export async function startAws(answers: Answers) {
  const calls: string[] = [];
  const server = createServer(async (request, response) => {
    const call = await readCall(request);
    calls.push(call.operation);
    let answer: unknown;
    try {
      const denied = `User: arn:aws:iam::123456789012:user/x is not authorized to perform: x:${call.operation}`;
      const answering = answers[call.operation];
      answer = answering ? await answering(call.input) : new AwsError('AccessDeniedException', denied, 403);
    } catch (error) {
      answer = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error), 500);
    }
    const [status, headers, body] = write(call, answer);
    response.writeHead(status, headers).end(body);
  });
  const endpoint = await listen(server);
  return { endpoint, calls, stop: () => close(server) };
}
