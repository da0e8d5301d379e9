/** Who our mails are from, and where their links lead. */
export interface MailIdentity {
  /** Base of every link, without a trailing slash. */
  publicUrl: string;
  senderAddress: string;
  senderName: string;
  /** Empty when none is set. */
  postalAddress: string;
}
