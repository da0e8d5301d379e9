import { renderPage } from '../pages/layout.tsx';
import { OneButton } from '../pages/parts.tsx';

/** `GET /preferences/erase`: the consequences, and the button. */
export function erasePage({ token, isSubscribed }: { token: string; isSubscribed: boolean }): string {
  const query = `?token=${encodeURIComponent(token)}`;
  return renderPage({
    title: 'Erase everything about you · Daily Papers',
    children: (
      <>
        <h1>Erase everything about you?</h1>
        <p>
          Your address, your preferences, what you confirmed and which mails you got are deleted, and no further digest
          is sent to you. This can’t be undone. To keep a copy, download it first.
        </p>
        <OneButton action={`/preferences/erase${query}`}>Erase it all</OneButton>
        {isSubscribed ? (
          <p class="muted">
            Only to get no more mail, <a href={`/preferences${query}`}>unsubscribe</a> instead: then we also remember
            not to write to you again.
          </p>
        ) : (
          <p class="muted">
            You get no mail now. Close this page, and it stays so: we also remember not to write to you again.
          </p>
        )}
      </>
    ),
  });
}

/** The answer after erasing, also if the data was erased before. */
export function erasedPage(): string {
  return renderPage({
    title: 'Nothing is kept about you · Daily Papers',
    children: (
      <>
        <h1>Nothing is kept about you</h1>
        <p>No further digest is sent to you. You can close this page.</p>
      </>
    ),
  });
}
