import type { Child } from 'hono/jsx';
import { mostWords, type Preferences } from '../../../shared/subscribers/preferences.ts';
import { olderNames, timeZones } from '../../../shared/time/time-zone.ts';

/** The fields of the form: text, as typed. */
export type PreferencesForm = Record<keyof Preferences, string>;

/** Faults by the name of their field. */
export type FieldFaults = Record<string, string>;

const hours = Array.from({ length: 24 }, (_, hour) => [String(hour), `${String(hour).padStart(2, '0')}:00`] as const);

export interface FieldContext {
  form: PreferencesForm;
  faults: FieldFaults;
  name: keyof PreferencesForm;
  label: string;
  hint?: string;
}

/** A label, the hint, the fault, and the control that they belong to. */
export function Field({
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

export function Choice({ options, ...field }: FieldContext & { options: (readonly [string, string])[] }) {
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

/** Zones by region. Zones without a region come first, fixed offsets last. */
const zoneGroups: [string, string[]][] = [
  ...timeZones.reduce(
    (groups, zone) => {
      const region = zone.includes('/') ? (zone.split('/')[0] ?? '') : 'World';
      return groups.set(region, [...(groups.get(region) ?? []), zone]);
    },
    new Map<string, string[]>([['World', []]]),
  ),
];

/** `Etc/GMT-3` means UTC+03:00; its sign misleads readers. */
const zoneLabel = (zone: string) => {
  const [, sign, hours = ''] = /^Etc\/GMT([+-])(\d+)$/.exec(zone) ?? [];
  return sign ? `UTC${sign === '-' ? '+' : '-'}${hours.padStart(2, '0')}:00` : zone.replaceAll('_', ' ');
};

/** The context of a control that brings its own label and hint. */
export type ControlContext = Pick<FieldContext, 'form' | 'faults'>;

export function SendHour(field: ControlContext) {
  return <Choice {...field} name="sendHour" label="At what hour" options={hours} />;
}

export function TimeZone(field: ControlContext) {
  return (
    <Field {...field} name="timeZone" label="Time zone">
      {attributes => (
        <select {...attributes}>
          {zoneGroups.map(([region, zones]) => (
            <optgroup label={region === 'Etc' ? 'The same all year' : region}>
              {zones.map(zone => (
                <option value={zone} selected={zone === field.form.timeZone} data-older={olderNames.get(zone)}>
                  {zoneLabel(zone)}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The hour of the mail and the zone that it is counted in. */
export function HourAndZone(field: ControlContext) {
  return (
    <>
      <SendHour {...field} />
      <TimeZone {...field} />
    </>
  );
}

/**
 * A list, one entry a line.
 * @param whyUseless why an entry has no effect, if it has none
 */
export function Words({ whyUseless, ...field }: FieldContext & { whyUseless?: (entry: string) => string | undefined }) {
  const { form, name } = field;
  const entries = whyUseless ? form[name].split('\n') : [];
  const useless = entries.flatMap(entry => {
    const why = entry.trim() === '' ? undefined : whyUseless?.(entry);
    return why === undefined ? [] : `“${entry.trim()}” can match no paper: ${why}.`;
  });
  return (
    <Field {...field} hint={`${field.hint} ${mostWords} at most.`}>
      {attributes => (
        <>
          <textarea {...attributes} rows={3}>
            {form[name]}
          </textarea>
          {useless.map(line => (
            <p class="muted" role="note">
              {line}
            </p>
          ))}
        </>
      )}
    </Field>
  );
}
