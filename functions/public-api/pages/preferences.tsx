import type { Child } from 'hono/jsx';
import { dateLanguages, mostWords, type Preferences, timeZones } from '../../../shared/subscribers/preferences.ts';
import { renderPage } from './layout.tsx';
import { AddressField } from './parts.tsx';
import { MailLinkButton } from './preferences-link.tsx';

/** The fields as they stand in the form: text, as typed. */
export type PreferencesForm = Record<(typeof formFields)[number], string>;

export const formFields = [
  'frequency',
  'sendHour',
  'timeZone',
  'topics',
  'authors',
  'muted',
  'maxPapers',
  'minScore',
  'pausedUntil',
  'dateLanguage',
] as const;

/** What is wrong with a field, by its name. */
export type FieldFaults = Record<string, string>;

interface PreferencesPageProps {
  token: string;
  address: string;
  /** Whether the token is the owner's whole word; one of a digest mail, which may have been passed on, is not. */
  isWhole: boolean;
  form: PreferencesForm;
  faults?: FieldFaults;
  saved?: boolean;
  /** A token that leaves with one more press. */
  unsubscribeUrl: string;
  /** What was typed for a new address, and what is wrong with it. */
  move?: { email: string; fault: string };
}

/** Stored preferences as the form shows them. */
export function formOf(preferences: Preferences): PreferencesForm {
  const { topics, authors, muted, maxPapers, minScore, sendHour, pausedUntil, ...rest } = preferences;
  return {
    ...rest,
    topics: topics.join('\n'),
    authors: authors.join('\n'),
    muted: muted.join('\n'),
    maxPapers: String(maxPapers),
    minScore: minScore === undefined ? '' : String(minScore),
    sendHour: String(sendHour),
    pausedUntil: pausedUntil ?? '',
  };
}

const frequencies = { daily: 'Every day', weekdays: 'Monday to Friday', weekly: 'Once a week' };
const hours = Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`] as const);

/** `/preferences`: everything about one's own subscription, in plain HTML forms. */
export function preferencesPage(props: PreferencesPageProps): string {
  const { token, address, isWhole, form, faults = {}, saved = false, unsubscribeUrl, move } = props;
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
        {wrong && (
          <p class="problem" role="alert">
            Nothing was saved yet: please correct what is marked below.
          </p>
        )}
        <form method="post" action={`/preferences${query}`}>
          <fieldset>
            <legend>When</legend>
            <Choice {...field} name="frequency" label="How often" options={Object.entries(frequencies)} />
            <Choice {...field} name="sendHour" label="At what hour" options={hours} />
            <Field {...field} name="timeZone" label="Time zone">
              {attributes => (
                <select {...attributes}>
                  {zoneGroups.map(([region, zones]) => (
                    <optgroup label={region}>
                      {zones.map(zone => (
                        <option value={zone} selected={zone === form.timeZone}>
                          {zone.replaceAll('_', ' ')}
                        </option>
                      ))}
                    </optgroup>
                  ))}
                </select>
              )}
            </Field>
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
              hint="Words or arXiv categories such as cs.CL, one a line."
            />
            <Words {...field} name="authors" label="Authors you follow" hint="One name a line." />
            <Words {...field} name="muted" label="Muted words" hint="One a line." />
            <Field {...field} name="maxPapers" label="Most papers in one mail" hint="1 to 50">
              {attributes => <input {...attributes} type="number" min={1} max={50} required value={form.maxPapers} />}
            </Field>
            <Field {...field} name="minScore" label="Least score of a paper" hint="Empty: all of them.">
              {attributes => <input {...attributes} type="number" min={0} step="any" value={form.minScore} />}
            </Field>
            <Choice {...field} name="dateLanguage" label="Language of dates" options={Object.entries(dateLanguages)} />
          </fieldset>
          <button class="big" type="submit">
            Save
          </button>
        </form>
        {isWhole && (
          <section>
            <h2>Saved papers</h2>
            <p>
              <a href={`/saved${query}`}>The papers you saved</a>
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
                You came by the link of a digest, which may have been forwarded to somebody. So this takes a link that
                we mail to {address}.
              </p>
              <MailLinkButton token={token} />
            </>
          )}
        </section>
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

interface FieldContext {
  form: PreferencesForm;
  faults: FieldFaults;
  name: keyof PreferencesForm;
  label: string;
  hint?: string;
}

/** A label, the hint, what is wrong, and the control that they are about. */
function Field({
  faults,
  name,
  label,
  hint,
  children,
}: FieldContext & { children: (attributes: Record<string, string>) => Child }) {
  const fault = faults[name];
  const described = [fault && `${name}-problem`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={name}>{label}</label>
      {fault && (
        <p class="problem" id={`${name}-problem`}>
          {fault}
        </p>
      )}
      {children({
        id: name,
        name,
        ...(fault && { 'aria-invalid': 'true' }),
        ...(described && { 'aria-describedby': described }),
      })}
      {hint && (
        <p class="muted" id={`${name}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

function Choice({ options, ...field }: FieldContext & { options: (readonly [string, string])[] }) {
  return (
    <Field {...field}>
      {attributes => (
        <select {...attributes}>
          {options.map(([value, label]) => (
            <option value={value} selected={value === field.form[field.name]}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
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

/** Zones by their region; those without one come first. */
const zoneGroups: [string, string[]][] = [
  ...timeZones.reduce(
    (groups, zone) => {
      const region = zone.includes('/') ? (zone.split('/')[0] ?? '') : 'World';
      return groups.set(region, [...(groups.get(region) ?? []), zone]);
    },
    new Map<string, string[]>([['World', []]]),
  ),
];
