import { dateLanguages, mostWords } from '../../../shared/subscribers/preferences.ts';
import { renderPage } from '../pages/layout.tsx';
import { AddressField } from '../pages/parts.tsx';
import { Choice, Field, type FieldContext, type FieldFaults, HourAndZone, type PreferencesForm } from './fields.tsx';
import { MailLinkButton } from './manage-link-view.tsx';

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

const learnedChoices = { yes: 'Yes', no: 'No, order papers by trending alone' };
const frequencies = { daily: 'Every day', weekdays: 'Monday to Friday', weekly: 'Once a week' };
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
            <Choice {...field} name="frequency" label="How often" options={Object.entries(frequencies)} />
            <HourAndZone {...field} />
            <Field {...field} name="pausedUntil" label="Pause until" hint="No mail before that day. Empty: no pause.">
              {attributes => <input {...attributes} type="date" value={form.pausedUntil} />}
            </Field>
          </fieldset>
          <fieldset>
            <legend>What</legend>
            <Words
              {...field}
              name="topics"
              label="Topics"
              hint="Papers about them come first, each saying which it is about. Words, phrases or arXiv categories such as cs.CL (cs: all of cs), one a line."
            />
            <Words
              {...field}
              name="authors"
              label="Authors you follow"
              hint="Papers by them come first, too. One full name a line; an initial will do for a given name."
            />
            <Words
              {...field}
              name="muted"
              label="Muted words"
              hint="Papers with one of them, or of such a category, are left out. One a line."
            />
            <Field
              {...field}
              name="maxPapers"
              label="Most papers in one mail"
              hint="1 to 50. After those that match come the most trending ones."
            >
              {attributes => <input {...attributes} type="number" min={1} max={50} required value={form.maxPapers} />}
            </Field>
            <Field
              {...field}
              name="minScore"
              label="Least score of a paper"
              hint="Papers with a lower trending score when their day ended are left out (10 is some 20 upvotes), and a mail without papers is not sent. Empty: all papers."
            >
              {attributes => <input {...attributes} type="number" min={0} step="any" value={form.minScore} />}
            </Field>
            <Choice
              {...field}
              name="learned"
              label="Learn from my upvotes"
              hint="Papers like those you upvoted move up, and say so."
              options={Object.entries(learnedChoices)}
            />
            <Choice {...field} name="dateLanguage" label="Language of dates" options={Object.entries(dateLanguages)} />
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

function Words(field: FieldContext) {
  const { form, name } = field;
  return (
    <Field {...field} hint={`${field.hint} ${mostWords} at most.`}>
      {attributes => (
        <textarea {...attributes} rows={3}>
          {form[name]}
        </textarea>
      )}
    </Field>
  );
}
