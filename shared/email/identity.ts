import type { Environment } from '../platform/environment.ts';

/** The sender of our mails, and the targets of their links. */
export interface MailIdentity {
  /** Base of every link, without a trailing slash. */
  publicUrl: string;
  senderAddress: string;
  senderName: string;
  /** The address for answers; by default the sender's. */
  replyTo?: string;
  /** Empty when none is set. */
  postalAddress: string;
  /** The address that takes mails to unsubscribe; without it, no mail offers that way. */
  unsubscribeAddress?: string;
  /** Hosts to which mails may link besides those in `links.ts`. */
  linkHosts?: readonly string[];
  /** SES counts opens and clicks of digests. */
  tracked?: boolean;
}

export function mailIdentity(
  environment: Environment<
    | 'PUBLIC_URL'
    | 'SENDER_ADDRESS'
    | 'SENDER_NAME'
    | 'REPLY_TO'
    | 'POSTAL_ADDRESS'
    | 'UNSUBSCRIBE_ADDRESS'
    | 'LINK_HOSTS'
    | 'TRACK_OPENS_AND_CLICKS'
  >,
): MailIdentity {
  return {
    publicUrl: environment.PUBLIC_URL,
    senderAddress: environment.SENDER_ADDRESS,
    senderName: environment.SENDER_NAME,
    postalAddress: environment.POSTAL_ADDRESS,
    linkHosts: environment.LINK_HOSTS,
    tracked: environment.TRACK_OPENS_AND_CLICKS,
    ...(environment.REPLY_TO && { replyTo: environment.REPLY_TO }),
    ...(environment.UNSUBSCRIBE_ADDRESS && { unsubscribeAddress: environment.UNSUBSCRIBE_ADDRESS }),
  };
}

/** The sender of a message, and the address for answers. */
export function senderOf({ senderName: name, senderAddress: address, replyTo }: MailIdentity) {
  return { from: { name, address }, ...(replyTo && { replyTo }) };
}
