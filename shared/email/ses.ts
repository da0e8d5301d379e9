import { type SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';
import { encodePieces, type Piece } from './pieces.ts';

/** The outcome of one call to SES. */
export type SendOutcome =
  | { type: 'accepted'; messageId: string }
  /** SES refused this message for good. Others may be sent. */
  | { type: 'refused'; reason: string }
  /** Certainly not sent: the rate was too high. The same message may be sent a moment later. */
  | { type: 'throttled'; reason: string }
  /** Certainly not sent: the account's quota of 24 hours is used up. */
  | { type: 'quota used up'; reason: string }
  /**
   * Certainly not sent, nor may the digest's other mails be: the account, domain, configuration or mail is not allowed.
   */
  | { type: 'not permitted'; reason: string }
  /** No certain answer: the mail may have gone out. */
  | { type: 'lost'; reason: string };

export interface RawMessage {
  /** Both are addresses without a name. */
  from: string;
  to: string;
  /** The whole MIME message. */
  raw: Piece[];
  /** SES returns them with each event about the message. Names and values: letters, digits, `_` and `-`. */
  tags?: Record<string, string>;
}

export type SendMail = (message: RawMessage) => Promise<SendOutcome>;

/**
 * Sends a message to one recipient by `SendRawEmail` of SES v1. Never throws.
 * @param ofPurpose configuration sets of mails whose tag `purpose` has one of its own
 */
export function createMailSender(
  ses: SESClient,
  configurationSet: string,
  ofPurpose: Readonly<Record<string, string>> = {},
): SendMail {
  putMessagesIn(ses);
  return async message => {
    try {
      const standIn = new Uint8Array(0);
      const set = ofPurpose[message.tags?.purpose ?? ''] ?? configurationSet;
      messages.set(standIn, message.raw);
      const answer = await ses.send(
        new SendRawEmailCommand({
          Source: message.from,
          Destinations: [message.to],
          RawMessage: { Data: standIn },
          ...(set && { ConfigurationSetName: set }),
          Tags: Object.entries(message.tags ?? {}).map(([Name, Value]) => ({ Name, Value })),
        }),
      );
      // Without an id, nothing proves that the answer came from SES.
      return answer.MessageId
        ? { type: 'accepted', messageId: answer.MessageId }
        : { type: 'lost', reason: 'no message id' };
    } catch (error) {
      return classifyFailure(error);
    }
  };
}

/** The empty stand-in for the message, as the SDK writes it. `Source` follows. */
const emptyData = '&RawMessage.Data=&';

/** The messages of calls under way, by their stand-ins. */
const messages = new WeakMap<Uint8Array, Piece[]>();

/**
 * Replaces the empty stand-in in the request by the encoded pieces of the message. The SDK would encode all of it for
 * each recipient, which is a third of a call's cost (docs/decisions/0006-encoded-pieces.md).
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
    // After the serialisation, and before the steps that read the body: its length and its signature.
    { step: 'build', priority: 'high', name: 'putMessagesIn', override: true },
  );
}

const throttlingErrors = new Set(['Throttling', 'ThrottlingException', 'TooManyRequestsException']);

/** Errors that hold for every message of the account. */
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

/** The outcome of a failed call. Only a definite refusal counts as one; all else is `lost`. */
export function classifyFailure(error: unknown): SendOutcome {
  if (!(error instanceof SESServiceException)) {
    return { type: 'lost', reason: error instanceof Error ? error.name : 'unknown error' };
  }
  const status = error.$metadata.httpStatusCode ?? 0;
  if (status < 400 || status >= 500) return { type: 'lost', reason: `${error.name} ${status}` };
  if (throttlingErrors.has(error.name)) {
    // SES has one name for both limits, and tells them apart only in the message.
    const type = /daily message quota/i.test(error.message) ? 'quota used up' : 'throttled';
    return { type, reason: error.name };
  }
  return { type: accountErrors.has(error.name) ? 'not permitted' : 'refused', reason: error.name };
}
