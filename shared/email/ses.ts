import { type SESClient, SESServiceException, SendRawEmailCommand } from '@aws-sdk/client-ses';

/** What became of one call to SES. */
export type SendOutcome =
  | { type: 'accepted'; messageId: string }
  /** SES refused this message for good; others may go. */
  | { type: 'refused'; reason: string }
  /** Certainly not sent: too fast. The same message may go in a moment. */
  | { type: 'throttled'; reason: string }
  /** Certainly not sent: the account's 24 hours are full. */
  | { type: 'quota used up'; reason: string }
  /** Certainly not sent, and no other message would be: the account, its domain or configuration may not send. */
  | { type: 'not permitted'; reason: string }
  /** No certain answer: it may have gone out. */
  | { type: 'lost'; reason: string };

export interface RawMessage {
  /** Bare addresses. */
  from: string;
  to: string;
  /** The whole MIME message. */
  raw: Uint8Array;
  /** Come back with each event about the message. Names and values: letters, digits, `_` and `-`. */
  tags?: Record<string, string>;
}

export type SendMail = (message: RawMessage) => Promise<SendOutcome>;

/** Sends one message to one recipient by SES v1 `SendRawEmail`. Never throws. */
export function createMailSender(ses: SESClient, configurationSet: string): SendMail {
  return async message => {
    try {
      const answer = await ses.send(
        new SendRawEmailCommand({
          Source: message.from,
          Destinations: [message.to],
          RawMessage: { Data: message.raw },
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
