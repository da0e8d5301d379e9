import { renderPage } from '../pages/layout.tsx';
import { AddressField } from '../pages/parts.tsx';
import type { FieldFaults, PreferencesForm } from './fields.tsx';
import { MailLinkButton } from './manage-link-view.tsx';
import { PreferenceControls } from './preference-fields.tsx';

interface PreferencesPageProps {
  token: string;
  address: string;
  /** Whether the token grants everything. The token of a digest mail, which may have been forwarded, does not. */
  isWhole: boolean;
  form: PreferencesForm;
  faults?: FieldFaults;
  saved?: boolean;
  /** All other links have just been taken back. */
  signedOut?: boolean;
  /** The link to the page that unsubscribes with one more press. */
  unsubscribeUrl: string;
  /** The typed new address, with its fault. */
  move?: { email: string; fault: string };
}

/** `/preferences`: the reader's subscription, in plain HTML forms. */
export function preferencesPage(props: PreferencesPageProps): string {
  const { token, address, isWhole, form, faults = {}, saved = false, signedOut = false, unsubscribeUrl, move } = props;
  const query = `?token=${encodeURIComponent(token)}`;
  const wrong = Object.keys(faults).length > 0;
  const field = { form, faults };
  return renderPage({
    title: wrong || move ? 'Problem: please check what you typed · Daily Papers' : 'Your preferences · Daily Papers',
    children: (
      <>
        <h1>Your preferences</h1>
        <p>
          For <strong>{address}</strong>
        </p>
        {saved && (
          <p class="saved" role="status">
            Saved. It holds from the next mail on.
          </p>
        )}
        {signedOut && (
          <p class="saved" role="status">
            All links that we mailed to you before are signed out, but those that unsubscribe. This page goes on by a
            new one.
          </p>
        )}
        {wrong && (
          <p class="problem" role="alert">
            Nothing was saved yet: please correct what is marked below.
          </p>
        )}
        <form method="post" action={`/preferences${query}`}>
          <fieldset>
            <legend>When</legend>
            <PreferenceControls {...field} part="When" />
          </fieldset>
          <fieldset>
            <legend>What</legend>
            <PreferenceControls {...field} part="What" />
          </fieldset>
          <button class="big" type="submit">
            Save
          </button>
        </form>
        {isWhole && (
          <section>
            <h2>Your papers</h2>
            <p>
              <a href={`/saved${query}`}>The papers you saved</a>
            </p>
            <p>
              <a href={`/submissions${query}`}>Submit a paper, and see what became of it</a>
            </p>
          </section>
        )}
        <section>
          <h2>Another address</h2>
          {isWhole ? (
            <>
              <p>We send a mail to it first. Until you confirm there, your mails come to the old one.</p>
              <form method="post" action={`/preferences/address${query}`}>
                <AddressField
                  label="New e-mail address"
                  button="Move there"
                  problem={move?.fault}
                  email={move?.email}
                />
              </form>
            </>
          ) : (
            <>
              <p>
                You came by the link of a digest, which may have been forwarded to somebody. So this, submitting papers,
                and seeing or erasing what is kept about you, takes a link that we mail to {address}.
              </p>
              <MailLinkButton token={token} />
            </>
          )}
        </section>
        {isWhole && (
          <section>
            <h2>Links that others may have</h2>
            <p>
              A mail of ours that was passed on takes its links along. Sign them all out, and only the links of later
              mails work. The links that unsubscribe always do.
            </p>
            <form method="post" action={`/preferences/sign-out${query}`}>
              <button type="submit">Sign out all links</button>
            </form>
          </section>
        )}
        {isWhole && (
          <section>
            <h2>What is kept about you</h2>
            <form method="post" action={`/preferences/export${query}`}>
              <button type="submit">Download it</button>
            </form>
            <p>
              <a href={`/preferences/erase${query}`}>Erase everything about you</a>
            </p>
          </section>
        )}
        <section>
          <h2>Enough?</h2>
          <p>
            <a href={unsubscribeUrl}>Unsubscribe</a>. It takes effect at once.
          </p>
        </section>
      </>
    ),
  });
}
