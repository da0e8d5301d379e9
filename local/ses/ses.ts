import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { guard } from '../guard.ts';
import { close, listen } from '../listen.ts';
import { Allowance, type Fault, healthy, type SesBehaviour } from './faults.ts';
import { type AcceptedMessage, readRawEmail } from './message.ts';
import { errorXml, type Form, parseForm, SesError, successXml } from './protocol.ts';

export interface SesOptions {
  behaviour?: Partial<SesBehaviour>;
  /** Whether `messages` keeps accepted mails. Off for a long run, since they stay in memory. */
  remember?: boolean;
  /** Called with every accepted message, before the sender gets its answer. */
  onAccepted?: (message: AcceptedMessage) => void;
  /** The time by which mails and questions are limited, epoch ms. */
  now?: () => number;
}

/** SES v1 on this machine. */
export interface LocalSes {
  endpoint: string;
  /** Every accepted message, in order. */
  messages: AcceptedMessage[];
  /** SendRawEmail calls so far, refused ones included. */
  calls(): number;
  /** GetSendQuota calls so far, refused ones included. */
  questions(): number;
  /** Changes the account's behaviour from now on. */
  behave(changes: Partial<SesBehaviour>): void;
  stop(): Promise<void>;
}

/** More than SES's largest message, in base64 and urlencoded. */
const maxBodyBytes = 32 * 1024 * 1024;

/**
 * Starts SES's v1 API on a free port of the loopback address: `SendRawEmail`, `GetSendQuota` and
 * `GetAccountSendingEnabled`. Any other action gets InvalidAction.
 */
export async function startSes(options: SesOptions = {}): Promise<LocalSes> {
  const { now = Date.now } = options;
  let behaviour: SesBehaviour = { ...healthy, ...options.behaviour };
  const allowance = new Allowance();
  const messages: AcceptedMessage[] = [];
  let calls = 0;
  let questions = 0;

  function accept(form: Form): { message: AcceptedMessage; fault: Fault | undefined } {
    calls += 1;
    const email = readRawEmail(form);
    if (behaviour.sendingPaused) {
      throw new SesError('AccountSendingPausedException', 'Email sending is disabled for the account.');
    }
    const fault = behaviour.faultOf({ number: calls, to: email.to, tags: email.tags });
    if (fault === 'throttle') throw new SesError('Throttling', 'Maximum sending rate exceeded.');
    if (fault === 'http500') throw new SesError('InternalFailure', 'The request failed for an unknown reason.', 500);
    if (fault === 'http503') throw new SesError('ServiceUnavailable', 'The server is temporarily unavailable.', 503);
    const message = { ...email, messageId: `0100${randomUUID()}-000000`, at: now() };
    if (fault === 'resetBeforeAccept') return { message, fault };
    allowance.take(email.to.length, behaviour, message.at);
    if (options.remember ?? true) messages.push(message);
    options.onAccepted?.(message);
    return { message, fault };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = parseForm(await readBody(request));
    if (!request.headers.authorization) {
      throw new SesError('MissingAuthenticationToken', 'Request is missing Authentication Token', 403);
    }
    const action = form.get('Action') ?? '';
    let result: Record<string, string | number | boolean>;
    switch (action) {
      case 'SendRawEmail': {
        const { message, fault } = accept(form);
        if (fault === 'resetBeforeAccept' || fault === 'resetAfterAccept') {
          request.socket.resetAndDestroy();
          return;
        }
        if (fault === 'slow') await sleep(behaviour.slowMilliseconds, undefined, { ref: false });
        result = { MessageId: message.messageId };
        break;
      }
      case 'GetSendQuota':
        questions += 1;
        allowance.ask(behaviour, now());
        result = {
          Max24HourSend: behaviour.dailyQuota,
          MaxSendRate: behaviour.ratePerSecond,
          SentLast24Hours: allowance.sentLastDay(now()),
        };
        break;
      case 'GetAccountSendingEnabled':
        result = { Enabled: !behaviour.sendingPaused };
        break;
      default:
        throw new SesError('InvalidAction', `Could not find operation ${action} for version 2010-12-01`);
    }
    await answer(response, 200, successXml(action, result));
  }

  async function answer(response: ServerResponse, status: number, xml: string): Promise<void> {
    if (behaviour.latencyMilliseconds > 0) await sleep(behaviour.latencyMilliseconds, undefined, { ref: false });
    response.writeHead(status, { 'content-type': 'text/xml', 'content-length': Buffer.byteLength(xml) }).end(xml);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      const known = error instanceof SesError ? error : new SesError('InternalFailure', String(error), 500);
      return answer(response, known.status, errorXml(known));
    });
  });
  const endpoint = await listen(guard(server));
  return {
    endpoint,
    messages,
    calls: () => calls,
    questions: () => questions,
    behave(changes) {
      behaviour = { ...behaviour, ...changes };
    },
    stop: () => close(server),
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBodyBytes) throw new SesError('RequestEntityTooLarge', 'The request is too large.', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('latin1');
}
