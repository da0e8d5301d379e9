import { renderPage } from './layout.tsx';
import { OneButton, SubscribeForm } from './parts.tsx';

/** After the sign-up form; the same for every address, known or not (invariant 5). */
export function checkInboxPage(): string {
  return renderPage({
    title: 'Check your inbox · Daily Papers',
    children: (
      <>
        <h1>Check your inbox</h1>
        <p>
          If this address can be subscribed, a mail is on its way to it. Open the link in it and press the button: then
          you are in.
        </p>
        <h2>No mail after five minutes?</h2>
        <p>
          Please look into the spam folder. Then check the address for a slip and{' '}
          <a href="/">send the form once more</a>. If you are subscribed already, there is nothing to confirm.
        </p>
      </>
    ),
  });
}

/** `GET /subscriptions/confirm`: the button, whatever the token is worth (invariant 4: mail scanners follow every link). */
export function confirmPage({ token }: { token: string }): string {
  return renderPage({
    title: 'Confirm your subscription · Daily Papers',
    children: (
      <>
        <h1>One press, and you are in</h1>
        <p>Press the button, and the next papers come to your inbox.</p>
        <OneButton action={`/subscriptions/confirm?token=${encodeURIComponent(token)}`}>
          Confirm my subscription
        </OneButton>
        <p class="muted">You did not ask for this? Close this page, and nothing will be sent.</p>
      </>
    ),
  });
}

/** The confirmation worked, now or before. */
export function confirmedPage(): string {
  return renderPage({
    title: 'You are subscribed · Daily Papers',
    children: (
      <>
        <h1>You are subscribed</h1>
        <p>The next papers come to your inbox within a day. You can close this page.</p>
        <p>
          <a href="/">See the papers of the day now</a>
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

/** The unsubscription worked, now or before. */
export function unsubscribedPage(): string {
  return renderPage({
    title: 'You are unsubscribed · Daily Papers',
    children: (
      <>
        <h1>You are unsubscribed</h1>
        <p>No further digest is sent to you. Thank you for reading.</p>
        <p>
          It was a slip? <a href="/">Subscribe again</a>.
        </p>
      </>
    ),
  });
}

/** One neutral message for every token that is not accepted: wrong, cut off, expired, foreign. */
export function linkProblemPage({ purpose }: { purpose: 'confirm' | 'unsubscribe' }): string {
  return renderPage({
    title: 'This link does not work · Daily Papers',
    children: (
      <>
        <h1>This link does not work</h1>
        <p>It is not valid any more, or it was not copied whole.</p>
        {purpose === 'confirm' ? (
          <>
            <p>Subscribe once more, and you get a fresh link. It is valid for 48 hours.</p>
            <SubscribeForm />
          </>
        ) : (
          <p>
            Please open the unsubscribe link at the end of the newest mail you got from us. If you copy it, take all of
            it, to the last character.
          </p>
        )}
      </>
    ),
  });
}
