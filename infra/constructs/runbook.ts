/**
 * The meaning of a period without data. `is fine`: there was nothing to measure. `alarms`: there should have been data,
 * so its absence is the fault. `changes nothing`: the last measurement still holds.
 */
export type Silence = 'is fine' | 'alarms' | 'changes nothing';

/**
 * The headings of docs/runbook.md. Each alarm names one, which tells the operator what to do. Each heading has the
 * meaning of its alarms' silence, with the reason.
 */
export const runbook = {
  'A function fails': { silence: 'is fine', because: 'it was not called; a silent timer has its own alarm' },
  'A function is throttled': { silence: 'is fine', because: 'it was not called' },
  'A timer is silent': { silence: 'alarms', because: 'only a run that went well is measured' },
  'A queue message could not be worked off': { silence: 'is fine', because: 'SQS does not measure an idle queue' },
  'A queue is late': { silence: 'is fine', because: 'SQS does not measure an idle queue, in which nothing waits' },
  'A function failed on an event or a timer': { silence: 'is fine', because: 'SQS does not measure an idle queue' },
  'A timer did not reach its function': { silence: 'is fine', because: 'SQS does not measure an idle queue' },
  'An event did not reach its function': { silence: 'is fine', because: 'SQS does not measure an idle queue' },
  'Feedback did not reach its queue': { silence: 'is fine', because: 'SQS does not measure an idle queue' },
  'The API answers with server errors': { silence: 'is fine', because: 'there was no request' },
  'The API is slow': { silence: 'is fine', because: 'there was no request' },
  'Many requests are refused': { silence: 'is fine', because: 'there was no request' },
  'A source of papers has stalled or failed': {
    silence: 'is fine',
    because: 'the timer that measures it has its own alarm',
  },
  'A digest is overdue': { silence: 'alarms', because: 'without a check, it is unknown whether the digest exists' },
  'A working day had no papers': {
    silence: 'is fine',
    because: 'the same run measures overdue digests, whose silence alarms',
  },
  'A digest was halted': { silence: 'is fine', because: 'an event reports it, not a metric' },
  'Bounces or complaints endanger the account': {
    silence: 'is fine',
    because: 'SES measures it when mail is sent; other alarms report that none is',
  },
  'The daily sending quota is nearly used up': { silence: 'is fine', because: 'it is measured while digests are sent' },
  'The daily sending quota is used up': { silence: 'is fine', because: 'it is measured when a batch had to wait' },
  'The sending quota is not known': { silence: 'is fine', because: 'it is measured when SES did not answer' },
  'Deliveries do not add up': { silence: 'is fine', because: 'it is measured once, when a digest has ended' },
  'Deliveries are unknown for good': { silence: 'is fine', because: 'it is measured once, when a digest has ended' },
  'Sign-ups are refused': { silence: 'is fine', because: 'it is measured when a sign-up was refused' },
  'A stored item is damaged': { silence: 'is fine', because: 'it is measured when one is read' },
  'The signing key is old': { silence: 'changes nothing', because: 'a key does not get younger' },
} as const satisfies Record<string, { silence: Silence; because: string }>;

export type RunbookHeading = keyof typeof runbook;

/** The link in an alarm's description: the heading's anchor, as Markdown viewers make it. */
export function anchorOf(heading: RunbookHeading): string {
  return `docs/runbook.md#${heading.toLowerCase().replaceAll(' ', '-')}`;
}
