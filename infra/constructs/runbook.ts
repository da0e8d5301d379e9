/**
 * What it means that nothing is measured. `is fine`: there is nothing to measure; `alarms`: something should be, so silence is
 * itself the fault; `changes nothing`: it stands as it was measured last.
 */
export type Silence = 'is fine' | 'alarms' | 'changes nothing';

/**
 * The headings of docs/runbook.md. An alarm names one, so that whoever is woken up knows what to do. Beside each, what
 * silence means to its alarms, and why.
 */
export const runbook = {
  'A function fails': { silence: 'is fine', because: 'it was not called; of timers, their own alarm tells' },
  'A function is throttled': { silence: 'is fine', because: 'it was not called' },
  'A timer is silent': { silence: 'alarms', because: 'a run that went well says so, and nothing else does' },
  'A queue message could not be worked off': { silence: 'is fine', because: 'SQS measures no queue that rests' },
  'A queue is late': { silence: 'is fine', because: 'SQS measures no queue that rests: nothing waits in it' },
  'A function failed on an event or a timer': { silence: 'is fine', because: 'SQS measures no queue that rests' },
  'A timer did not reach its function': { silence: 'is fine', because: 'SQS measures no queue that rests' },
  'An event did not reach its function': { silence: 'is fine', because: 'SQS measures no queue that rests' },
  'Feedback did not reach its queue': { silence: 'is fine', because: 'SQS measures no queue that rests' },
  'The API answers with server errors': { silence: 'is fine', because: 'nobody asked anything' },
  'The API is slow': { silence: 'is fine', because: 'nobody asked anything' },
  'Many requests are refused': { silence: 'is fine', because: 'nobody asked anything' },
  'A source of papers has stalled or failed': {
    silence: 'is fine',
    because: 'the timer that measures it tells itself',
  },
  'A digest is overdue': { silence: 'alarms', because: 'when nobody looks, nobody knows whether it is there' },
  'A working day had no papers': { silence: 'is fine', because: 'the same run measures what is overdue, and tells' },
  'A digest was halted': { silence: 'is fine', because: 'an event tells of it, no metric' },
  'Bounces or complaints endanger the account': {
    silence: 'is fine',
    because: 'SES measures it when mail is sent; that none is, others tell',
  },
  'The daily sending quota is nearly used up': { silence: 'is fine', because: 'it is measured while digests are sent' },
  'The daily sending quota is used up': { silence: 'is fine', because: 'it is measured when a batch had to wait' },
  'The sending quota is not known': { silence: 'is fine', because: 'it is measured when SES did not answer' },
  'Deliveries do not add up': { silence: 'is fine', because: 'it is measured once, when a digest has ended' },
  'Deliveries are unknown for good': { silence: 'is fine', because: 'it is measured once, when a digest has ended' },
  'Sign-ups are refused': { silence: 'is fine', because: 'it is measured when somebody was refused' },
  'A stored item is damaged': { silence: 'is fine', because: 'it is measured when one was come across' },
  'The signing key is old': { silence: 'changes nothing', because: 'a key gets no younger when nobody looks at it' },
} as const satisfies Record<string, { silence: Silence; because: string }>;

export type RunbookHeading = keyof typeof runbook;

/** Where the link in an alarm's description points: the heading's anchor, as Markdown viewers make it. */
export function anchorOf(heading: RunbookHeading): string {
  return `docs/runbook.md#${heading.toLowerCase().replaceAll(' ', '-')}`;
}
