/** The questions of the checks, on AWS and on this machine, as they follow "Not known". */
export const questions = {
  identity: 'whether SES has verified the sender',
  dkim: 'whether mails are signed with DKIM',
  mailFrom: 'whether MAIL FROM is aligned',
  dmarc: 'whether DNS has a DMARC record',
  sandbox: 'whether the account has left the sandbox of SES',
  sending: 'whether SES sends for the account',
  quota: 'whether the quota is enough for all readers',
  concurrency: 'whether enough functions may run at once',
  health: 'whether the public address leads here',
  certificate: 'whether the certificate is valid',
  alarmAddress: 'whether an operator gets the alarms',
  keyRing: 'whether the key ring is there',
  keyBackup: 'whether the key ring is copied to a safe place',
  deadLetters: 'whether messages could not be worked off',
} as const;
