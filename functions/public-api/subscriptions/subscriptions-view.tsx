import { createHash } from 'node:crypto';
import { raw } from 'hono/html';
import { contentSecurityPolicy } from '../../../shared/http/app.ts';
import type { LeaveReason, Preferences } from '../../../shared/subscribers/subscriber.ts';
import { lifetimeText, tokenLifetimes } from '../../../shared/subscribers/tokens.ts';
import { renderPage } from '../pages/layout.tsx';
import { AddressField, OneButton, SubscribeForm } from '../pages/parts.tsx';
import { durationOf } from '../personal-data/duration.ts';
import { HourAndZone } from './fields.tsx';
import { formOf } from './preference-fields.tsx';

/**
 * Selects the browser's zone if none was chosen yet. The sign-up form asks for an address alone and can't find the zone
 * without a script. Without this script the reader chooses. Browsers keep old names of some zones, and know zones that
 * are not on the list: the function understands both when the form comes.
 */
const zoneScript =
  "const zones=document.getElementById('timeZone'),own=Intl.DateTimeFormat().resolvedOptions().timeZone;" +
  "if(own&&zones.value==='UTC'){const of=name=>[...zones.options].find(zone=>zone.value===name||zone.dataset.older===name);" +
  'if(!of(own))zones.add(new Option(own,own));zones.value=of(own).value}';

/** The pages' policy, which also allows that one script by its hash. */
export const zonePagePolicy = `${contentSecurityPolicy}; script-src 'sha256-${createHash('sha256').update(zoneScript).digest('base64')}'`;

/**
 * `GET /subscriptions/confirm`: the button, whether or not the token is valid ([a GET changes
 * nothing](docs/invariants.md#4): mail scanners follow every link).
 * @param wishes of the request that waits for this token; they add hour and zone to the form, which needs
 * `zonePagePolicy`
 */
export function confirmPage({ token, wishes }: { token: string; wishes?: Preferences }): string {
  return renderPage({
    title: 'Confirm your subscription · Daily Papers',
    children: (
      <>
        <h1>One press, and you are in</h1>
        <form method="post" action={`/subscriptions/confirm?token=${encodeURIComponent(token)}`}>
          {wishes ? (
            <HourAndZone form={formOf(wishes)} faults={{}} />
          ) : (
            <p>Press the button, and the next papers come to your inbox.</p>
          )}
          <button class="big" type="submit">
            Confirm my subscription
          </button>
        </form>
        {wishes && <script>{raw(zoneScript)}</script>}
        <p class="muted">You did not ask for this? Close this page, and nothing will be sent.</p>
      </>
    ),
  });
}

/** The page after confirming, also if it was confirmed before. */
export function confirmedPage({ preferencesUrl }: { preferencesUrl: string }): string {
  return renderPage({
    title: 'You are subscribed · Daily Papers',
    children: (
      <>
        <h1>You are subscribed</h1>
        <p>The next papers come to your inbox within a day. You can close this page.</p>
        <p>
          How often, about what and how much is <a href={preferencesUrl}>yours to choose</a>.
        </p>
        <p>
          <a href="/">See the papers of the day now</a>
        </p>
      </>
    ),
  });
}

/** `GET /subscriptions/take-back`: the button. */
export function takeBackPage({ token }: { token: string }): string {
  return renderPage({
    title: 'Take your subscription back · Daily Papers',
    children: (
      <>
        <h1>Take your subscription back?</h1>
        <p>
          It has moved to another address. Press the button, and your mails come to this mailbox again, as you had set
          them. They end at the other address, and no link that was mailed there works any more.
        </p>
        <OneButton action={`/subscriptions/take-back?token=${encodeURIComponent(token)}`}>Take it back</OneButton>
        <p class="muted">You moved it yourself? Close this page, and nothing changes.</p>
      </>
    ),
  });
}

/** The page after a subscription was taken back, also if it was taken back before. */
export function takenBackPage(): string {
  return renderPage({
    title: 'Your subscription is back · Daily Papers',
    children: (
      <>
        <h1>Your subscription is back</h1>
        <p>The next papers come to this mailbox, and none to the other address.</p>
        <p>
          The person who moved it had a link from a mail to you, perhaps from one that you passed on. Those links no
          longer work. For a new one, <a href="/preferences">ask on this page</a>.
        </p>
      </>
    ),
  });
}

/** `GET /subscriptions/unsubscribe`: the button. */
export function unsubscribePage({ token }: { token: string }): string {
  return renderPage({
    title: 'Unsubscribe · Daily Papers',
    children: (
      <>
        <h1>No more Daily Papers?</h1>
        <p>Press the button, and no further digest is sent to you.</p>
        <OneButton action={`/subscriptions/unsubscribe?token=${encodeURIComponent(token)}`}>Unsubscribe</OneButton>
        <p class="muted">You want to stay? Close this page, and nothing changes.</p>
      </>
    ),
  });
}

const reasons: [LeaveReason, string][] = [
  ['too-many', 'Too many mails'],
  ['not-relevant', 'Not about what I work on'],
  ['quality', 'The choice of papers'],
  ['not-requested', 'I never asked for it'],
  ['other', 'Something else'],
];

/** The page after unsubscribing, also if it was done before. Its question about the reason is optional. */
export function unsubscribedPage({
  token,
  problem,
  keptDays,
}: {
  token: string;
  problem?: string;
  /** Days for which the data stays. */
  keptDays: number;
}): string {
  return renderPage({
    title: 'You are unsubscribed · Daily Papers',
    children: (
      <>
        <h1>You are unsubscribed</h1>
        <p>No further digest is sent to you. Thank you for reading.</p>
        <p>
          It was a slip? <a href="/">Subscribe again</a>.
        </p>
        <p class="muted">
          The data kept about you is erased in {durationOf(keptDays)}. You can{' '}
          <a href="/own-data">see or erase it now</a>.
        </p>
        <form method="post" action={`/subscriptions/unsubscribe/reason?token=${encodeURIComponent(token)}`}>
          <fieldset>
            <legend>One question, if you like: why?</legend>
            {problem && (
              <p class="problem" role="alert">
                {problem}
              </p>
            )}
            {reasons.map(([value, label]) => (
              <label class="choice">
                <input type="radio" name="reason" value={value} required />
                {label}
              </label>
            ))}
          </fieldset>
          <button type="submit">Send</button>
        </form>
      </>
    ),
  });
}

/** The page after the reason was given. */
export function reasonNotedPage(): string {
  return renderPage({
    title: 'Thank you · Daily Papers',
    children: (
      <>
        <h1>Thank you</h1>
        <p>That helps. You are unsubscribed, and can close this page.</p>
      </>
    ),
  });
}

/** The page of a genuine confirmation link that has expired. One press mails a fresh link. */
export function expiredPage({ token, problem }: { token: string; problem?: string }): string {
  return renderPage({
    title: 'This link has expired · Daily Papers',
    children: (
      <>
        <h1>This link has expired</h1>
        <p>
          It was valid for {lifetimeText('confirm')}. Press the button, and a fresh one is mailed to the same address.
        </p>
        {problem && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <OneButton action={`/subscriptions/confirm/renew?token=${encodeURIComponent(token)}`}>
          Send me a fresh link
        </OneButton>
        <p class="muted">
          You pressed the button in time? Then you are subscribed, and there is nothing to do. A request that was not
          confirmed within a week is forgotten: then, <a href="/">subscribe once more</a>.
        </p>
      </>
    ),
  });
}

/** One message for every token that is not accepted: wrong, cut off, foreign, or of a request that was withdrawn. */
export function linkProblemPage({ purpose }: { purpose: 'confirm' | 'unsubscribe' | 'takeback' }): string {
  return renderPage({
    title: 'This link does not work · Daily Papers',
    children: (
      <>
        <h1>This link does not work</h1>
        <p>It is not valid any more, or it was not copied whole.</p>
        {purpose === 'takeback' && (
          <>
            <p>
              It takes a subscription back for {tokenLifetimes.takeback / 86_400_000} days, unless you have left or
              subscribed anew since. To get the papers at this address again, subscribe once more.
            </p>
            <SubscribeForm />
          </>
        )}
        {purpose === 'confirm' && (
          <>
            <p>Subscribe once more, and you get a fresh link. It is valid for {lifetimeText('confirm')}.</p>
            <SubscribeForm />
          </>
        )}
        {purpose === 'unsubscribe' && (
          <>
            <p>
              Please open the unsubscribe link at the end of the newest mail you got from us, or give the address that
              is subscribed: we mail it a link to its preferences, where you can unsubscribe, too.
            </p>
            <form method="post" action="/preferences/link">
              <AddressField label="Your e-mail address" button="Send me a link" problem={undefined} />
            </form>
          </>
        )}
      </>
    ),
  });
}
