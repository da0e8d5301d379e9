import type { Child } from 'hono/jsx';
import { whyUnmatchable } from '../../../shared/digests/unmatchable.ts';
import { dateLanguages, type Preferences } from '../../../shared/subscribers/preferences.ts';
import {
  Choice,
  type ControlContext,
  Field,
  type FieldFaults,
  type PreferencesForm,
  SendHour,
  TimeZone,
  Words,
} from './fields.tsx';

/** How the page asks for one preference. */
interface PreferenceField<Value> {
  /** The part of the form in which it stands; inside, fields stand in the order of the record. */
  part: 'When' | 'What';
  /** The value as it stands in the form. */
  write: (value: Value) => string;
  /** The typed text as the schema takes it. A text that is no number stays a text, and the schema refuses it. */
  read: (text: string) => unknown;
  /** The advice beside a wrong value. Lists have none: the schema's own message names the line. */
  hint?: string;
  Control: (field: ControlContext) => Child;
}

type PreferenceName = keyof Preferences;

const onlyMineChoices = { no: 'Mine first, then what is trending', yes: 'Only mine' };
const pictureChoices = { no: 'No pictures: the mail loads nothing', yes: 'Pictures of papers' };
const learnedChoices = { yes: 'Yes', no: 'No, order papers by trending alone' };
const catchUpChoices = {
  no: 'Only the mails of the days after it',
  yes: 'One mail with the best of what I missed, too',
};
const frequencies = { daily: 'Every day', weekdays: 'Monday to Friday', weekly: 'Once a week' };

const asTyped = (text: string) => text;
const number = (text: string) => (/^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text);
const orNone = (text: string, value: unknown) => (text.trim() === '' ? null : value);

const text = { write: (value: string) => value, read: asTyped };
const wholeNumber = { write: String, read: number };
const lines = { write: (words: string[]) => words.join('\n'), read: (typed: string) => typed.split(/\r?\n/) };
/** A choice of two. */
const yesOrNo = {
  write: (value: boolean) => (value ? 'yes' : 'no'),
  read: (typed: string) => typed === 'yes' || (typed === 'no' ? false : typed),
};
const ofList = 'Choose one of the list.';

/** Every preference there is: the type asks for a new one here, so that the page has it. */
export const preferenceFields: { [Name in PreferenceName]: PreferenceField<Preferences[Name]> } = {
  frequency: {
    part: 'When',
    ...text,
    hint: ofList,
    Control: field => <Choice {...field} name="frequency" label="How often" options={Object.entries(frequencies)} />,
  },
  sendHour: { part: 'When', ...wholeNumber, hint: 'Choose an hour from 0 to 23.', Control: SendHour },
  timeZone: { part: 'When', ...text, hint: ofList, Control: TimeZone },
  pausedUntil: {
    part: 'When',
    write: (day = '') => day,
    read: typed => orNone(typed, typed),
    hint: 'Give a date such as 2027-01-15, or nothing.',
    Control: field => (
      <Field {...field} name="pausedUntil" label="Pause until" hint="No mail before that day. Empty: no pause.">
        {attributes => <input {...attributes} type="date" value={field.form.pausedUntil} />}
      </Field>
    ),
  },
  catchUp: {
    part: 'When',
    ...yesOrNo,
    hint: ofList,
    Control: field => (
      <Choice
        {...field}
        name="catchUp"
        label="After a pause"
        hint="That mail has the best papers of the missed days, of the last four weeks at most, on your topics and up to your number of papers. It comes once."
        options={Object.entries(catchUpChoices)}
      />
    ),
  },
  topics: {
    part: 'What',
    ...lines,
    Control: field => (
      <Words
        {...field}
        name="topics"
        whyUseless={whyUnmatchable}
        label="Topics"
        hint="Papers about them come first, each saying which it is about. Words, phrases or arXiv categories such as cs.CL (cs: all of cs), one a line. They are read by their meaning: history also finds historical documents, RAG retrieval-augmented generation. A minus leaves papers out: history -&quot;update histories&quot;"
      />
    ),
  },
  authors: {
    part: 'What',
    ...lines,
    Control: field => (
      <Words
        {...field}
        name="authors"
        label="Authors you follow"
        hint="Papers by them come first, too. One full name a line; an initial will do for a given name."
      />
    ),
  },
  muted: {
    part: 'What',
    ...lines,
    Control: field => (
      <Words
        {...field}
        name="muted"
        whyUseless={whyUnmatchable}
        label="Muted words"
        hint="Papers that are about one of them, or of such a category, are left out; those that only mention it are not. One a line."
      />
    ),
  },
  maxPapers: {
    part: 'What',
    ...wholeNumber,
    hint: 'Give a whole number from 1 to 50.',
    Control: field => (
      <Field
        {...field}
        name="maxPapers"
        label="Most papers in one mail"
        hint="1 to 50. After those that match come the most trending ones."
      >
        {attributes => <input {...attributes} type="number" min={1} max={50} required value={field.form.maxPapers} />}
      </Field>
    ),
  },
  minScore: {
    part: 'What',
    write: score => (score === undefined ? '' : String(score)),
    read: typed => orNone(typed, number(typed)),
    hint: 'Give a number from 0 to 10,000, or nothing.',
    Control: field => (
      <Field
        {...field}
        name="minScore"
        label="Least score of a paper"
        hint="Papers with a lower trending score when their day ended are left out (10 is some 20 upvotes), and a mail without papers is not sent. Empty: all papers."
      >
        {attributes => <input {...attributes} type="number" min={0} step="any" value={field.form.minScore} />}
      </Field>
    ),
  },
  onlyMine: {
    part: 'What',
    ...yesOrNo,
    hint: ofList,
    Control: field => (
      <Choice
        {...field}
        name="onlyMine"
        label="Which papers"
        hint="Mine are papers on your topics, by your authors, or like those you upvoted. If you choose only these, a day without any has no mail. Without topics, authors and upvotes, all papers are yours."
        options={Object.entries(onlyMineChoices)}
      />
    ),
  },
  learned: {
    part: 'What',
    ...yesOrNo,
    hint: ofList,
    Control: field => (
      <Choice
        {...field}
        name="learned"
        label="Learn from my upvotes"
        hint="Papers like those you upvoted move up, and say so."
        options={Object.entries(learnedChoices)}
      />
    ),
  },
  pictures: {
    part: 'What',
    ...yesOrNo,
    hint: ofList,
    Control: field => (
      <Choice
        {...field}
        name="pictures"
        label="Pictures"
        hint="They come from Hugging Face, which can then see when and where a mail is opened."
        options={Object.entries(pictureChoices)}
      />
    ),
  },
  dateLanguage: {
    part: 'What',
    ...text,
    hint: ofList,
    Control: field => (
      <Choice {...field} name="dateLanguage" label="Language of dates" options={Object.entries(dateLanguages)} />
    ),
  },
};

export const preferenceNames = Object.keys(preferenceFields) as PreferenceName[];

/** The controls of one part of the form. */
export function PreferenceControls({ part, ...field }: ControlContext & { part: PreferenceField<never>['part'] }) {
  return (
    <>
      {preferenceNames.map(name => {
        const { Control, part: own } = preferenceFields[name];
        return own === part && <Control {...field} />;
      })}
    </>
  );
}

/** Stored preferences as the form shows them. */
export function formOf(preferences: Preferences): PreferencesForm {
  const write = <Name extends PreferenceName>(name: Name) => preferenceFields[name].write(preferences[name]);
  return Object.fromEntries(preferenceNames.map(name => [name, write(name)])) as PreferencesForm;
}

/** The faults in words, by field; of a list, its first fault. */
export function faultsOf(issues: readonly { path: PropertyKey[]; message: string }[]): FieldFaults {
  const faults: FieldFaults = {};
  for (const { path, message } of issues) {
    const name = String(path[0]);
    const entry = typeof path[1] === 'number' ? `Line ${path[1] + 1} ` : 'The list ';
    faults[name] ??= preferenceFields[name as PreferenceName]?.hint ?? `${entry}${message}.`;
  }
  return faults;
}
