import * as z from 'zod';
import { localDay } from '../time/clock-spans.ts';
import { findTimeZone } from '../time/time-zone.ts';
import { unwritable } from './address.ts';

const timeZoneSchema = z
  .string()
  .max(64)
  .transform((name, context) => {
    const zone = findTimeZone(name);
    if (zone) return zone;
    context.addIssue({
      code: 'custom',
      message: 'not an IANA time zone, like Europe/Berlin, nor an offset, like +02:00',
    });
    return z.NEVER;
  })
  .meta({
    description: 'An IANA time zone, like Europe/Berlin, or an offset, like +02:00; stored by its present name',
    type: 'string',
  });

const frequencySchema = z.enum(['daily', 'weekdays', 'weekly']);

/** Languages in which dates can be written (BCP 47), each with its own name for itself. */
export const dateLanguages = {
  'en-US': 'English (US)',
  'en-GB': 'English (UK)',
  de: 'Deutsch',
  es: 'Español',
  fr: 'Français',
  it: 'Italiano',
  ja: '日本語',
  ko: '한국어',
  pt: 'Português',
  zh: '中文',
} as const;

export type DateLanguage = keyof typeof dateLanguages;

/** The most entries of one list, and the most characters of one entry. */
export const mostWords = 50;
export const longestWord = 80;

const pastedAlong = /[\u00ad\u061c\u200b\u200e\u200f\u2060\u2066-\u2069\ufeff]/g;

/** Free words: each is trimmed, and duplicates that differ only in case are dropped. */
const wordsSchema = (description: string) =>
  z
    .array(
      z
        .string()
        .max(longestWord, `must have at most ${longestWord} characters`)
        // Pasted words bring marks of direction, soft hyphens and the like. They do not change which papers match.
        .transform(word => word.replace(pastedAlong, '').trim().replace(/\s+/g, ' '))
        .refine(word => !unwritable.test(word), 'contains an invisible or control character'),
    )
    .max(mostWords, `must have at most ${mostWords} entries`)
    .transform(words => {
      const seen = new Map(words.filter(Boolean).map(word => [word.toLowerCase(), word]));
      return [...seen.values()];
    })
    .meta({ description });

const fields = {
  frequency: frequencySchema,
  topics: wordsSchema(
    'Papers about them come first, by their meaning: `history` also finds historical documents, `RAG` retrieval-augmented ' +
      'generation. arXiv categories, too; `cs` or `cs.*` is all of cs. `history -"update histories"` leaves out papers with those words',
  ),
  authors: wordsSchema(
    'Full names: papers by them come first. An initial stands for any given name that begins with it; a last name alone matches nobody',
  ),
  muted: wordsSchema('Papers whose subject they are are left out, not those that mention them; arXiv categories, too'),
  maxPapers: z.int().min(1).max(50).meta({ description: 'Most papers in one mail' }),
  minScore: z.number().min(0).max(10_000).meta({
    description:
      'Papers whose trending score was lower when their day closed are left out; GET /v1/papers/{id}/ranking tells the score',
  }),
  onlyMine: z.boolean().meta({
    description:
      'Whether only papers on my topics, by my authors or like those I upvoted come; a day without any has no mail',
  }),
  learned: z.boolean().meta({ description: 'Whether papers like those I upvoted move up' }),
  pictures: z.boolean().meta({
    description:
      'Whether mails show pictures of papers, which the mail client fetches from Hugging Face; without them, a mail loads nothing',
  }),
  timeZone: timeZoneSchema,
  /** The local hour of the mail. */
  sendHour: z.int().min(0).max(23),
  pausedUntil: z.iso.date().meta({ description: 'The day on which mails begin to come again' }),
  catchUp: z.boolean().meta({
    description: 'Whether one mail with the best papers of the missed days comes when a pause ends',
  }),
  dateLanguage: z.enum(Object.keys(dateLanguages) as [DateLanguage, ...DateLanguage[]]),
};

/**
 * A reader's wishes for the mail. Every required field has a default: so `{}` is valid, and items from before a field
 * existed, too.
 */
export const preferencesSchema = z.strictObject({
  frequency: fields.frequency.default('daily'),
  topics: fields.topics.default([]),
  authors: fields.authors.default([]),
  muted: fields.muted.default([]),
  maxPapers: fields.maxPapers.default(20),
  minScore: fields.minScore.optional(),
  onlyMine: fields.onlyMine.default(false),
  learned: fields.learned.default(true),
  pictures: fields.pictures.default(false),
  timeZone: fields.timeZone.default('UTC'),
  sendHour: fields.sendHour.default(7),
  pausedUntil: fields.pausedUntil.optional(),
  catchUp: fields.catchUp.default(false),
  dateLanguage: fields.dateLanguage.default('en-US'),
});

export type Preferences = z.infer<typeof preferencesSchema>;

/**
 * The preferences of a sign-up. A browser may name a time zone that is newer than this runtime: it becomes UTC rather
 * than an error, and the reader can choose another one later.
 */
export const signUpPreferencesSchema = preferencesSchema.extend({
  timeZone: z
    .string()
    .max(64)
    .transform(name => findTimeZone(name) ?? 'UTC')
    .default('UTC')
    .meta({
      description:
        'An IANA time zone, like Europe/Berlin, or an offset, like +02:00; one that is not known here becomes UTC',
      type: 'string',
    }),
});

/** A change of some preferences (RFC 7396): a missing field stays as it is, `null` removes an optional one. */
export const preferencesChangeSchema = z
  .strictObject({ ...fields, minScore: fields.minScore.nullable(), pausedUntil: fields.pausedUntil.nullable() })
  .partial();

export type PreferencesChange = z.infer<typeof preferencesChangeSchema>;

export function changePreferences(preferences: Preferences, change: PreferencesChange): Preferences {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const merged = Object.entries({ ...preferences, ...Object.fromEntries(given) });
  return preferencesSchema.parse(Object.fromEntries(merged.filter(([, value]) => value !== null)));
}

/** `zone#hour`. All readers of one slot get their mail at the same time. */
export function sendSlotOf(preferences: Pick<Preferences, 'timeZone' | 'sendHour'>): string {
  return `${preferences.timeZone}#${preferences.sendHour}`;
}

export type Pause = Pick<Preferences, 'pausedUntil' | 'timeZone'>;

/**
 * Whether mails are paused at an instant (epoch ms). A pause ends when the day `pausedUntil` begins in the reader's
 * zone.
 */
export function isPaused({ pausedUntil, timeZone }: Pause, at: number): boolean {
  return pausedUntil !== undefined && localDay(timeZone, at) < pausedUntil;
}
