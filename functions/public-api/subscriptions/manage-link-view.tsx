import { type TokenPurpose, tokenLifetimes } from '../../../shared/subscribers/tokens.ts';
import { renderPage } from '../pages/layout.tsx';
import { AddressField, OneButton } from '../pages/parts.tsx';

/** `/preferences` without a valid token: asks for the address to send a link to. */
export function requestLinkPage({
  problem,
  email,
  expired = false,
  aboutData = false,
}: {
  /** The fault of the address. */
  problem?: string;
  email?: string;
  /** There was a token, and it is not valid (any more). */
  expired?: boolean;
  /** The visitor asked for their data, rather than for preferences. */
  aboutData?: boolean;
}): string {
  const subject = aboutData ? 'What is kept about you' : 'Your preferences';
  return renderPage({
    title: `${problem ? 'Problem: please check your address' : subject} · Daily Papers`,
    children: (
      <>
        <h1>{expired ? 'This link does not work any more' : subject}</h1>
        <p>
          {expired && 'It is too old, or was not copied whole. '}
          Give the address that you are subscribed with, and we mail you a link to your preferences. If you left, or
          never confirmed, you get a link that shows and erases what is kept about you.
        </p>
        <form method="post" action="/preferences/link">
          <AddressField label="Your e-mail address" button="Send me a link" problem={problem} email={email} />
        </form>
      </>
    ),
  });
}

/** The page of a genuine link that has expired. One press mails a fresh link; the reader types nothing. */
export function renewLinkPage({
  token,
  problem,
  purpose = 'manage',
}: {
  token: string;
  problem?: string;
  /** The purpose of the link. */
  purpose?: TokenPurpose;
}): string {
  const days = tokenLifetimes[purpose] / 86_400_000;
  return renderPage({
    title: problem ? 'Problem: please try again later · Daily Papers' : 'This link has expired · Daily Papers',
    children: (
      <>
        <h1>{problem ? 'No link was mailed' : 'This link has expired'}</h1>
        {problem ? (
          <p class="problem" role="alert">
            {problem}
          </p>
        ) : (
          <p>
            It was valid for {days} days, unless its owner signed it out. Press the button, and a fresh one is mailed to
            the same address.
          </p>
        )}
        <MailLinkButton token={token} />
      </>
    ),
  });
}

/** The button that mails a fresh link to the subscriber of a link that grants less, or has expired. */
export function MailLinkButton({ token }: { token: string }) {
  return <OneButton action={`/preferences/link?token=${encodeURIComponent(token)}`}>Mail me a link</OneButton>;
}

/** The page after the form for a link, the same for every address. */
export function linkSentPage({ contact }: { contact: string }): string {
  return renderPage({
    title: 'Check your inbox · Daily Papers',
    children: (
      <>
        <h1>Check your inbox</h1>
        <p>
          If this address is subscribed, a mail with the link to your preferences is on its way to it. If it was once,
          or somebody asked to subscribe it, the link shows and erases what is kept about you.
        </p>
        <p>
          No mail after five minutes? Please look into the spam folder, check the address for a slip, and{' '}
          <a href="/preferences">send the form once more</a>. A mailbox that turned our mails away, or reported them as
          spam, may get none: then write to <a href={`mailto:${contact}`}>{contact}</a>, and we show or erase what is
          kept.
        </p>
      </>
    ),
  });
}

/** The page after the form for another address, the same for every address. */
export function moveRequestedPage(): string {
  return renderPage({
    title: 'Check your new inbox · Daily Papers',
    children: (
      <>
        <h1>Check your new inbox</h1>
        <p>
          If this address can be subscribed, a mail is on its way to it. Open the link in it and press the button: then
          your mails go there, and no longer to the old address.
        </p>
        <p>Until then nothing changes.</p>
      </>
    ),
  });
}

/**
 * The page for the subscriber of a valid link who is not subscribed (any more).
 * @param token of a link that also shows the kept data
 */
export function notSubscribedPage({ token }: { token?: string | undefined } = {}): string {
  return renderPage({
    title: 'You are not subscribed · Daily Papers',
    children: (
      <>
        <h1>You are not subscribed</h1>
        <p>No digest is sent to your address, so there is nothing to set.</p>
        <p>
          <a href="/">Subscribe again</a>
        </p>
        <p>
          <a href={token ? `/own-data?token=${encodeURIComponent(token)}` : '/own-data'}>
            See or erase what is kept about you
          </a>
        </p>
      </>
    ),
  });
}
