import { nameDamage } from '../platform/damaged.ts';
import { readFields } from '../platform/read-fields.ts';
import { type Preferences, preferencesSchema } from './preferences.ts';

const noRules = { needed: new Set<string>() };

/**
 * Reads stored preferences. A value that this code does not know, such as a zone that this runtime lacks, becomes the
 * default: so the reader still gets the mail.
 * @param subscriberId names the subscriber in the log line about such a value
 */
export function readPreferences(stored: unknown, subscriberId: string): Preferences {
  const given = typeof stored === 'object' && stored !== null && !Array.isArray(stored) ? stored : {};
  const whole = preferencesSchema.safeParse(given);
  if (whole.success) return whole.data;
  const { fields, lost } = readFields(preferencesSchema.shape, given as Record<string, unknown>, noRules);
  const defaults = preferencesSchema.parse({});
  const unknown = Object.keys(given).filter(name => !(name in preferencesSchema.shape));
  const odd = [...lost, ...unknown.map(name => `${name}: it is not a known preference`)];
  nameDamage({ kind: 'subscriber', key: subscriberId, reason: `preferences: ${odd.join('; ')}` });
  return { ...defaults, ...(fields as Partial<Preferences>) };
}
