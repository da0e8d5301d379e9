import { renderPage } from '../pages/layout.tsx';

/** The page after the sign-up form: [the same answer for every address](docs/invariants.md#5). */
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

interface DidYouMeanPageProps {
  /** The address as typed. */
  email: string;
  /** The address that is more likely. */
  likely: string;
  /** The topics of the form before it. */
  topics: string;
}

/** Before a mail goes to what is probably a slip: a choice between the likely address and the typed one. */
export function didYouMeanPage({ email, likely, topics }: DidYouMeanPageProps): string {
  const choice = (address: string, label: string, kind: 'big' | 'plain') => (
    <form method="post" action="/subscriptions">
      <input type="hidden" name="email" value={address} />
      <input type="hidden" name="topics" value={topics} />
      <input type="hidden" name="meant" value="yes" />
      <button class={kind} type="submit">
        {label}
      </button>
    </form>
  );
  return renderPage({
    title: 'Did you mean another address? · Daily Papers',
    children: (
      <>
        <h1>Did you mean {likely}?</h1>
        <p>
          You typed <strong>{email}</strong>. No mail was sent yet.
        </p>
        {choice(likely, `Yes, use ${likely}`, 'big')}
        {choice(email, `No, keep ${email}`, 'plain')}
      </>
    ),
  });
}
