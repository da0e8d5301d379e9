import type { GetAccountResponse } from '@aws-sdk/client-sesv2';
import { type Finding, failed, ok } from './check.ts';

/** Whether the account may mail every address, or only addresses that it has verified. */
export function judgeSandbox({ ProductionAccessEnabled: production, Details: details }: GetAccountResponse): Finding {
  if (production) return ok('The account has left the sandbox of SES: it may mail every address.');
  const review = details?.ReviewDetails?.Status;
  return failed(
    'The account is in the sandbox of SES: only addresses that it has verified get mail.',
    review === 'PENDING'
      ? 'The request for production access is being looked at, which takes about a day.'
      : 'Ask for production access, which takes about a day: SES console, Account dashboard. Meanwhile, verify your own address to try it.',
  );
}

/** Whether SES sends for this account at all. */
export function judgeSending({ SendingEnabled: isOn, EnforcementStatus: state }: GetAccountResponse): Finding {
  const look = 'The SES console says why and what to do: Account dashboard, Reputation metrics.';
  if (state === 'SHUTDOWN') return failed('SES has shut down sending for this account.', look);
  if (!isOn) return failed('Sending is paused for this account.', look);
  if (state === 'PROBATION') {
    return {
      status: 'warning',
      says: 'SES sends, and has the account under review for its bounces or complaints.',
      todo: look,
    };
  }
  return ok('SES sends for this account.');
}
