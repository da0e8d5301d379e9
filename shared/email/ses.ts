import { type SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { encodePieces, type Piece } from './pieces.ts';

/** What became of one call to SES. */
export type SendOutcome =
  | { type: 'accepted'; messageId: string }
  /** SES refused this message for good; others may go. */
  | { type: 'refused'; reason: string }
  /** Certainly not sent: too fast. The same message may go in a moment. */
  | { type: 'throttled'; reason: string }
  /** Certainly not sent: the account's 24 hours are full. */
  | { type: 'quota used up'; reason: string }
  /** Certainly not sent, and no other of the digest may be: the account, its domain or configuration may not, or its mail. */
  | { type: 'not permitted'; reason: string }
  /** No certain answer: it may have gone out. */
  | { type: 'lost'; reason: string };

export interface RawMessage {
  /** Bare addresses. */
  from: string;
  to: string;
  /** The whole MIME message. */
  raw: Piece[];
  /** Come back with each event about the message. Names and values: letters, digits, `_` and `-`. */
  tags?: Record<string, string>;
}

export type SendMail = (message: RawMessage) => Promise<SendOutcome>;

/** Sends one message to one recipient by SES v1 `SendRawEmail`. Never throws. */
export function createMailSender(ses: SESClient, configurationSet: string): SendMail {
  putMessagesIn(ses);
  return async message => {
    try {
      const standIn = new Uint8Array(0);
      messages.set(standIn, message.raw);
      const answer = await ses.send(
        new SendRawEmailCommand({
          Source: message.from,
          Destinations: [message.to],
          RawMessage: { Data: standIn },
          ...(configurationSet && { ConfigurationSetName: configurationSet }),
          Tags: Object.entries(message.tags ?? {}).map(([Name, Value]) => ({ Name, Value })),
        }),
      );
      // Without an id there is no proof that it was SES who answered.
      return answer.MessageId
        ? { type: 'accepted', messageId: answer.MessageId }
        : { type: 'lost', reason: 'no message id' };
    } catch (error) {
      return classifyFailure(error);
    }
  };
}

/** What the SDK has written where the message goes: `Source` follows. */
const emptyData = '&RawMessage.Data=&';

/** The messages of the calls under way, by their stand-ins. */
const messages = new WeakMap<Uint8Array, Piece[]>();

/**
 * Puts the message, whose pieces are encoded already, where the SDK has written an empty stand-in for it. The SDK would
 * encode all of it anew for each recipient: a third of what a call costs (docs/decisions/0006-encoded-pieces.md).
 */
function putMessagesIn(ses: SESClient): void {
  ses.middlewareStack.add(
    next => async args => {
      const { RawMessage: message } = args.input as { RawMessage?: { Data?: Uint8Array } };
      const pieces = message?.Data && messages.get(message.Data);
      if (pieces) {
        const request = args.request as { body: string };
        const parts = request.body.split(emptyData);
        // A mail without its content must not go out.
        if (parts.length !== 2) throw new Error('The SDK has written the request in another form than expected.');
        request.body = `${parts[0]}&RawMessage.Data=${encodePieces(pieces)}&${parts[1]}`;
      }
      return next(args);
    },
    // Between the serialisation and what reads the body: its length, its signature.
    { step: 'build', priority: 'high', name: 'putMessagesIn', override: true },
  );
}

const throttlingErrors = new Set(['Throttling', 'ThrottlingException', 'TooManyRequestsException']);

/** Errors that hold for every message of the account, not for one. */
const accountErrors = new Set([
  'MailFromDomainNotVerified',
  'MailFromDomainNotVerifiedException',
  'AccountSendingPaused',
  'AccountSendingPausedException',
  'ConfigurationSetSendingPaused',
  'ConfigurationSetSendingPausedException',
  'ConfigurationSetDoesNotExist',
  'ConfigurationSetDoesNotExistException',
  'AccessDenied',
  'AccessDeniedException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'ExpiredToken',
  'ExpiredTokenException',
  'SignatureDoesNotMatch',
  'OptInRequired',
]);

/** Sorts a failed call by what is certain about it: only a definite refusal may be treated as one. */
export function classifyFailure(error: unknown): SendOutcome {
  if (!(error instanceof SESServiceException)) {
    return { type: 'lost', reason: error instanceof Error ? error.name : 'unknown error' };
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  if (status < 400 || status >= 500) return { type: 'lost', reason: `${error.name} ${status}` };
  if (throttlingErrors.has(error.name)) {
    // SES names both limits alike and tells them apart in words.
    const type = /daily message quota/i.test(error.message) ? 'quota used up' : 'throttled';
    return { type, reason: error.name };
  }
  return { type: accountErrors.has(error.name) ? 'not permitted' : 'refused', reason: error.name };
}
